"""`refit rollback`: a run restores an earlier model, once, however often it is requested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.aws import executions
from refit.embedded_cloud import faults
from refit.errors import NotFound, RefitError, RunFailed
from refit.runs.rollback_target import IS_LIVE
from tests.support.embedded_cloud.customer import Customer
from tests.support.rollbacks import MOVES, RollbackStack, back, model, serving
from tests.support.waiting import until


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None, ada: None) -> Iterator[RollbackStack]:
    """A pipeline whose third model serves."""
    made = RollbackStack(customer, customer.name("prices"), tmp_path, MOVES)
    for number in (1, 2, 3):
        made.deployed(f"daily-{number}", number, serves=number == 3)
    yield made
    faults.clear(customer.cloud)


def test_the_previous_model_is_restored(stack: RollbackStack) -> None:
    said: list[str] = []
    done = back(stack, report=said.append)
    assert (done.model, done.of, done.how, done.outcome) == (model(stack, 2), "daily-2", "started", "Deployed")
    assert serving(stack) == model(stack, 2)
    assert stack.runs() == [done.run]
    assert f"{done.run}  started" in said
    assert any(line.endswith("CheckData            to serve again") for line in said)


def test_repeating_does_nothing_and_goes_no_further_back(stack: RollbackStack) -> None:
    first = back(stack)
    again = back(stack)
    assert (again.how, again.model, again.of) == (IS_LIVE, model(stack, 2), first.run)
    assert back(stack, to="daily-2").how == IS_LIVE
    assert stack.runs() == [first.run]


def test_a_running_rollback_is_joined(stack: RollbackStack) -> None:
    stack.gate.close()
    started = back(stack, wait=False)
    assert (started.how, started.outcome) == ("started", "Running")
    joined = back(stack, report=lambda line: stack.gate.open())  # the first line comes when the run has been found
    assert (joined.how, joined.run, joined.outcome) == ("was running", started.run, "Deployed")
    assert joined.model == model(stack, 2)
    assert stack.runs() == [started.run]


def test_a_rollback_to_a_named_run_and_to_the_same_model_later_are_two_runs(stack: RollbackStack) -> None:
    first = back(stack, to="daily-1")
    assert serving(stack) == model(stack, 1)
    forth = back(stack, to="daily-3")
    assert serving(stack) == model(stack, 3)
    second = back(stack, to="daily-1")
    assert serving(stack) == model(stack, 1)
    assert len({first.run, forth.run, second.run}) == 3
    assert stack.runs() == sorted(map(str, (first.run, forth.run, second.run)))


def test_a_rollback_that_was_undone_manually_is_repeated(stack: RollbackStack) -> None:
    first = back(stack)
    stack.serve(model(stack, 3))  # the config of daily-3
    again = back(stack, to="daily-2")
    assert (again.how, again.run, again.outcome) == ("started", f"{first.run}-2", "Deployed")
    assert serving(stack) == model(stack, 2)


def test_a_failed_rollback_is_repeated_only_with_retry_failed(stack: RollbackStack) -> None:
    faults.set(stack.customer.cloud, {"endpoint": "roll_back"})
    with pytest.raises(RunFailed, match="ended in DeploymentFailed: rolled back: an alarm rang") as raised:
        back(stack)
    assert "--force" in str(raised.value.hint)
    assert serving(stack) == model(stack, 3)
    faults.clear(stack.customer.cloud)
    with pytest.raises(RunFailed, match="ended in DeploymentFailed"):
        back(stack)
    assert len(stack.runs()) == 1
    done = back(stack, retry_failed=True)
    assert (done.outcome, serving(stack), len(stack.runs())) == ("Deployed", model(stack, 2), 2)


def stopped(stack: RollbackStack) -> str:
    """A rollback that is stopped after its request to SageMaker, which completes it; returns its name."""
    stack.gate.close()
    run = str(back(stack, wait=False).run)
    stack.aws.stepfunctions.stop_execution(executionArn=executions.arn_of(stack.machine, run))
    until(lambda: stack.has_ended(run))
    stack.gate.open()
    stack.serve(stack.config(model(stack, 2), f"{stack.name}-late"))
    return run


@pytest.mark.parametrize("options", [{}, {"retry_failed": True}])
def test_a_stopped_rollback_that_sagemaker_completed_is_not_undone(
    stack: RollbackStack, options: dict[str, bool]
) -> None:
    run = stopped(stack)
    done = back(stack, **options)
    assert (done.how, done.model, serving(stack)) == (IS_LIVE, model(stack, 2), model(stack, 2))
    assert stack.runs() == [run]


def test_a_model_that_a_stopped_rollback_took_away_is_not_restored_later(stack: RollbackStack) -> None:
    stopped(stack)
    stack.deployed("daily-4", 4)
    done = back(stack)
    assert (done.of, serving(stack)) == ("daily-2", model(stack, 2))


def test_another_run_is_named_and_waited_for(stack: RollbackStack) -> None:
    stack.gate.close()
    stack.start("other")
    said: list[str] = []
    stack.gate.open_once(lambda: any(stack.has_ended(run) for run in stack.runs() if run != "other"))
    done = back(stack, report=said.append)
    assert said[0] == "the rollback waits for other, which is running"
    assert (done.outcome, serving(stack)) == ("Deployed", model(stack, 2))
    assert str(done.run).endswith("-2")


def test_a_run_that_deployed_nothing_is_rejected_with_those_that_did(stack: RollbackStack) -> None:
    stack.record("daily-4", "ModelRejected", "worse")
    with pytest.raises(RefitError, match="daily-4 ended in ModelRejected and deployed no model") as raised:
        back(stack, to="daily-4")
    assert raised.value.hint == "choose a run whose model exists: daily-3, daily-2, daily-1"
    with pytest.raises(NotFound, match="no run never found"):
        back(stack, to="never", hold=True)
    assert (stack.runs(), stack.hold()) == ([], "none")


def test_a_deleted_model_is_skipped_and_rejected_by_name(stack: RollbackStack) -> None:
    stack.aws.sagemaker.delete_model(ModelName=model(stack, 2))
    with pytest.raises(RefitError, match="the model of daily-2, no longer exists in SageMaker") as raised:
        back(stack, to="daily-2")
    assert raised.value.hint == "choose a run whose model exists: daily-3, daily-1"
    assert back(stack).of == "daily-1"


def test_without_an_earlier_model_the_hint_is_to_retrain(stack: RollbackStack) -> None:
    for number in (1, 2):
        stack.aws.sagemaker.delete_model(ModelName=model(stack, number))
    with pytest.raises(RefitError, match="the models of daily-2, daily-1 were deleted") as raised:
        back(stack)
    assert raised.value.hint == (
        f"train on the days of an earlier run instead: refit trigger {stack.ref.key} --window START..END --force"
    )
