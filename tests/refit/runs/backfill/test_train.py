"""`refit backfill`: past windows are trained in order, each once, and deployed only on request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from refit.aws import executions, hold
from refit.aws.execution_history import Step
from refit.domain.run_document import Hold
from refit.errors import RefitError
from refit.report.backfill import lines
from refit.runs.backfill.windows import WindowState
from tests.support.backfills import (
    TRAINS,
    TWO_DAYS,
    Stack,
    asked,
    november,
    shown,
    states,
)
from tests.support.embedded_cloud.customer import Customer


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None) -> Stack:
    return Stack(customer, tmp_path, TRAINS, TWO_DAYS)


def test_windows_are_trained_in_order_each_with_an_event_of_its_day(stack: Stack) -> None:
    stack.land(1, 2, 3, 4, 5, 6)
    done = stack.backfill(2, 6, 2)
    assert states(done) == [("started", "Trained")] * 3
    assert done.error is None
    names = [result.record.run for result in done.results if result.record]
    assert [name[:26] for name in names] == [
        "backfill-20261101-20261102",
        "backfill-20261103-20261104",
        "backfill-20261105-20261106",
    ]
    assert stack.input(names[0]) == {
        "source": "refit.backfill",
        "time": "2026-11-02T12:00:00Z",
        "detail": {"window": {"start": "2026-11-01", "end": "2026-11-02"}, "train_only": True},
    }
    times = [stack.times(name) for name in names]
    assert all(before[1] <= after[0] for before, after in pairwise(times))


def test_the_same_command_again_starts_nothing(stack: Stack) -> None:
    stack.land(1, 2)
    first = stack.backfill(2, 2)
    again = stack.backfill(2, 2)
    assert states(again) == [("ran before", "Trained")]
    assert again.results[0].record == first.results[0].record
    assert len(stack.runs()) == 1


def test_runs_that_step_functions_has_deleted_are_read_from_their_records(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    stack.forget()
    assert stack.runs() == []
    assert states(stack.backfill(2, 2)) == [("ran before", "Trained")]
    assert stack.runs() == []


def test_other_settings_train_the_same_window_again(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    text = stack.ref.path.read_text()
    stack.ref.path.write_text(text + 'training = { hyperparameters = { epochs = "3" } }\n')
    assert states(stack.backfill(2, 2)) == [("started", "Trained")]


def test_a_failure_is_reported_and_the_other_windows_are_trained(stack: Stack) -> None:
    stack.land(1, 2, 3, 4)
    done = stack.backfill(2, 4)
    assert states(done) == [("started", "Trained"), ("started", "JobFailed"), ("started", "Trained")]
    assert str(done.error) == "1 of 3 windows failed"
    assert "2026-11-02 to 2026-11-03 JobFailed: AlgorithmError: row 3 has 12 columns" in shown(done)


def test_again_retrains_failed_windows_only(stack: Stack) -> None:
    stack.land(1, 2, 3)
    stack.backfill(2, 3)
    assert states(stack.backfill(2, 3)) == [("ran before", "Trained"), ("ran before", "JobFailed")]
    assert len(stack.runs()) == 2
    done = stack.backfill(2, 3, again=True)
    assert states(done) == [("ran before", "Trained"), ("started", "Trained")]
    assert stack.runs()[-1].endswith("-2")
    assert states(stack.backfill(2, 3, again=True)) == [("ran before", "Trained")] * 2
    assert len(stack.runs()) == 3


def test_a_window_without_enough_data_is_shown_and_never_started(stack: Stack) -> None:
    stack.land(1, 2)
    planned = stack.plan(asked(2, 4))
    assert [one.todo for one in planned.windows] == [WindowState.TRAIN, WindowState.NO_DATA, WindowState.NO_DATA]
    assert planned.without_data == (november(3), november(4))
    done = stack.backfill(2, 4)
    assert states(done) == [("started", "Trained"), ("not started", "NoNewData"), ("not started", "NoNewData")]
    assert done.error is None
    assert stack.said[-2:] == [
        "2026-11-03  not started · NoNewData · 1 of 2 days have data",
        "2026-11-04  not started · NoNewData · 0 of 2 days have data",
    ]
    stack.land(3, 4)
    assert states(stack.backfill(4, 4)) == [("started", "Trained")]


def test_again_retrains_windows_whose_data_has_changed(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    stack.land(2, rows="1,2\n3,4\n")
    done = stack.backfill(2, 2)
    assert states(done) == [("ran before", "Trained")]
    assert "its data has changed since it was trained" in " ".join(shown(done).split())
    assert "the data of 1 window has changed since; --again retrains them" in lines(stack.plan(asked(2, 2)))
    assert states(stack.backfill(2, 2, again=True)) == [("started", "Trained")]


def test_a_window_that_is_being_trained_is_joined(stack: Stack) -> None:
    stack.land(3, 4)
    stack.gate.close()
    planned = stack.plan(asked(4, 4))
    stack.start(planned.windows[0].run.name, dict(planned.windows[0].run.event))
    planned = stack.plan(asked(4, 4))
    assert planned.windows[0].todo is WindowState.FOLLOW
    # The first line comes when the run has been found.
    assert states(stack.train(planned, report=lambda line: stack.gate.open())) == [("was running", "Trained")]
    assert len(stack.runs()) == 1


def test_another_run_at_work_is_waited_for(stack: Stack) -> None:
    stack.land(1, 2)
    stack.gate.close()
    stack.start("daily")
    stack.gate.open_once(lambda: any(stack.has_ended(run) for run in stack.runs() if run != "daily"))
    done = stack.backfill(2, 2)
    assert states(done) == [("started", "Trained")]
    assert [name[-2:] for name in stack.runs() if name.startswith("backfill-")][-1] == "-2"
    assert states(stack.backfill(2, 2)) == [("ran before", "Trained")]


def test_an_interrupt_says_how_to_resume_and_the_run_continues(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.land(3, 4)

    def interrupt(*_: object, **__: object) -> Iterator[Step]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(executions, "follow", interrupt)
        with pytest.raises(KeyboardInterrupt):
            stack.backfill(4, 4)
    told = "stopped waiting; the run continues; repeat the command to continue from here"
    assert stack.said[-1] == f"2026-11-04  {told}"
    assert stack.backfill(4, 4).results[0].state == "Trained"
    assert len(stack.runs()) == 1


def test_only_the_last_window_is_deployed_and_only_on_request(stack: Stack) -> None:
    stack.land(1, 2, 3, 4, 5, 6)
    stack.backfill(6, 6)
    done = stack.backfill(2, 6, 4, deploy_last=True)
    assert states(done) == [("started", "Trained"), ("started", "Deployed")]
    last = done.results[-1].record
    assert last is not None
    assert stack.input(last.run)["detail"] == {"window": {"start": "2026-11-05", "end": "2026-11-06"}, "force": True}
    assert states(stack.backfill(2, 6, 4, deploy_last=True)) == [("ran before", "Trained"), ("ran before", "Deployed")]


def test_a_held_pipeline_is_trained_and_not_deployed(stack: Stack) -> None:
    stack.land(1, 2)
    hold.place(stack.aws, stack.hold_parameter, Hold(by="ann", since="2026-11-01T06:00:00Z", reason="flats are off"))
    with pytest.raises(RefitError, match="held by ann since 2026-11-01T06:00:00Z: flats are off"):
        stack.plan(asked(2, 2, deploy_last=True))
    assert states(stack.backfill(2, 2)) == [("started", "Trained")]


def test_a_stack_that_would_deploy_what_it_trains_is_rejected(customer: Customer, tmp_path: Path, stack: Stack) -> None:
    old = Stack(customer, tmp_path, {"Deployed": {"Type": "Succeed"}}, TWO_DAYS)
    old.land(1, 2)
    with pytest.raises(RefitError, match="would deploy what it trains") as refused:
        old.plan(asked(2, 2))
    assert refused.value.hint == f"run: refit terraform apply {old.ref.key}"


def test_a_stack_that_would_train_differently_from_its_file_is_rejected(
    customer: Customer, tmp_path: Path, stack: Stack
) -> None:
    settings = {"prefix": "data/old/", "image": None}
    check_data = {"Type": "Pass", "QueryLanguage": "JSONPath", "Parameters": {"settings": settings}}
    other = {**TRAINS, "CheckData": {**check_data, "Next": TRAINS["CheckData"]["Next"]}}
    changed = Stack(customer, tmp_path, other, TWO_DAYS)
    with pytest.raises(RefitError, match=r"differs from its file: CheckData\.settings\.prefix"):
        changed.plan(asked(2, 2))
