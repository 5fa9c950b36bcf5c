"""Past windows, trained by the real state machine: the live model, the watermark and Slack are not affected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from refit.embedded_cloud import faults
from refit.errors import RefitError
from refit.runs.backfill.results import BackfillResult
from refit.runs.backfill.train import plan, train
from refit.runs.backfill.windows import BackfillRequest
from refit.runs.history import history
from tests.support.end_to_end.deployed import Deployed

pytestmark = pytest.mark.usefixtures("exported")


@pytest.fixture(scope="module")
def days(applied: Deployed) -> list[date]:
    """Three more days with data; the live model was trained on all of them."""
    faults.clear(applied.cloud)
    new = [applied.new_day() for _ in range(3)]
    ending = applied.run()
    assert ending.outcome == "Deployed", ending.reason
    return new


def backfill(stack: Deployed, asked: BackfillRequest) -> BackfillResult:
    return train(stack.ref, plan(stack.ref, asked), poll_seconds=0.2)


def states(done: BackfillResult) -> list[tuple[str, str]]:
    return [(result.how, result.state) for result in done.results]


def live(stack: Deployed) -> tuple[str, str, int]:
    """The live model, the watermark, and the number of Slack messages."""
    return stack.endpoint()["EndpointConfigName"], stack.watermark(), len(stack.said())


def test_each_window_has_a_model_and_metrics_and_nothing_else_has_changed(stack: Deployed, days: list[date]) -> None:
    before, jobs = live(stack), len(stack.jobs())
    done = backfill(stack, BackfillRequest(days[0], days[2], step=2))
    assert states(done) == [("started", "Trained")] * 2, done.document()
    assert (live(stack), len(stack.jobs())) == (before, jobs + 2)
    for result, last in zip(done.results, (days[0], days[2]), strict=True):
        run = result.record
        assert run is not None
        assert run.window == {"start": (last - timedelta(days=6)).isoformat(), "end": last.isoformat()}
        assert (run.newest, run.days["validation"]) == (last.isoformat(), [last.isoformat()])
        assert 0 < run.metrics["validation:mse"] < 84
        assert (run.billable_seconds or 0) > 0
    assert done.metrics == ("validation:mse", "train:mse")


def test_a_second_call_starts_nothing(stack: Deployed, days: list[date]) -> None:
    before, jobs = live(stack), len(stack.jobs())
    done = backfill(stack, BackfillRequest(days[0], days[2], step=2))
    assert states(done) == [("ran before", "Trained")] * 2
    assert (live(stack), len(stack.jobs())) == (before, jobs)


def test_a_training_that_fails_is_told_and_begun_anew_when_asked(stack: Deployed, days: list[date]) -> None:
    before = live(stack)
    faults.set(stack.cloud, {"training": "fail"})
    done = backfill(stack, BackfillRequest(days[1], days[1]))
    assert states(done) == [("started", "JobFailed")]
    assert done.error is not None
    assert "AlgorithmError" in done.results[0].reason
    faults.clear(stack.cloud)
    assert states(backfill(stack, BackfillRequest(days[1], days[1]))) == [("ran before", "JobFailed")]
    assert states(backfill(stack, BackfillRequest(days[1], days[1], again=True))) == [("started", "Trained")]
    assert live(stack) == before


def test_a_window_before_all_data_is_not_started(stack: Deployed) -> None:
    jobs = len(stack.jobs())
    done = backfill(stack, BackfillRequest(date(2025, 1, 8), date(2025, 1, 8)))
    assert (states(done), done.error, len(stack.jobs())) == ([("not started", "NoNewData")], None, jobs)


def test_the_last_window_is_deployed_by_a_run_like_any_other_when_asked(stack: Deployed, days: list[date]) -> None:
    config, watermark, said = live(stack)
    done = backfill(stack, BackfillRequest(days[0], days[1], deploy_last=True))
    assert states(done) == [("ran before", "Trained"), ("started", "Deployed")], done.document()
    run = done.results[-1].record
    assert run is not None
    assert live(stack)[:2] == (run.model, watermark)
    assert run.model != config
    assert len(stack.said()) > said
    assert history(stack.ref, 1).serves == run.run
    assert states(backfill(stack, BackfillRequest(days[0], days[1], deploy_last=True)))[-1] == (
        "ran before",
        "Deployed",
    )


def test_settings_that_are_not_applied_yet_train_nothing(stack: Deployed, days: list[date]) -> None:
    written = stack.ref.path.read_text()
    stack.ref.path.write_text(written.replace('mini_batch_size = "30"', 'mini_batch_size = "31"'))
    try:
        with pytest.raises(RefitError, match="differs from its file: StartTrainingJob"):
            plan(stack.ref, BackfillRequest(days[0], days[1]))
    finally:
        stack.ref.path.write_text(written)
