"""`refit rollback`, `release` and `history` on the applied stack. The tests run in order."""

from __future__ import annotations

import json

import pytest

from refit.aws.executions import ExecutionState
from refit.aws.hold import release
from refit.demo.traffic import Traffic
from refit.embedded_cloud import faults
from refit.errors import RunFailed
from refit.runs.history import history
from refit.runs.record import Record
from refit.runs.rollback import rollback_to
from refit.runs.rollback_target import IS_LIVE, RollbackResult
from tests.support.end_to_end.deployed import Deployed

pytestmark = pytest.mark.usefixtures("exported", "ada")


@pytest.fixture(scope="module")
def deployed(applied: Deployed) -> list[ExecutionState]:
    """Two runs that deployed, one after the other."""
    faults.clear(applied.cloud)
    endings = []
    for _ in range(2):
        applied.new_day()
        endings.append(applied.run())
        assert endings[-1].outcome == "Deployed", endings[-1].reason
    return endings


def back(stack: Deployed, **options: object) -> RollbackResult:
    return rollback_to(stack.ref, poll_seconds=0.2, **options)  # type: ignore[arg-type]


def told(stack: Deployed, run: str | None) -> Record:
    return next(one for one in history(stack.ref, 20).runs if one.run == run)


def test_every_run_has_its_record(stack: Deployed, deployed: list[ExecutionState]) -> None:
    found = history(stack.ref, 20)
    assert [one.run for one in found.runs[:2]] == [deployed[1].name, deployed[0].name]
    assert found.serves == deployed[1].name
    newest = found.runs[0]
    assert (newest.ended, newest.newest, newest.model) == (
        "Deployed",
        stack.days[-1].isoformat(),
        deployed[1].document["name"],
    )
    assert newest.metrics["validation:mse"] > 0
    assert newest.billable_seconds is not None
    assert found.metric == "validation:mse"


def test_a_rollback_that_the_endpoint_refuses_fails_and_the_hold_stays(
    stack: Deployed, deployed: list[ExecutionState]
) -> None:
    faults.set(stack.cloud, {"endpoint": "roll_back"})
    with pytest.raises(RunFailed, match="DeploymentFailed") as raised:
        back(stack, hold=True, reason="flats are off")
    assert f"refit release {stack.ref.key}" in str(raised.value.hint)
    assert stack.variant()["ModelName"] == deployed[1].document["name"]


def test_the_model_before_serves_again_without_losing_a_request(
    stack: Deployed, deployed: list[ExecutionState]
) -> None:
    jobs, watermark = stack.jobs(), stack.watermark()
    with Traffic(stack.connect(attempts=1), stack.stack.endpoint, stack.rows[0].features) as traffic:
        done = back(stack, retry_failed=True)
    assert (done.outcome, done.model) == ("Deployed", deployed[0].document["name"])
    assert stack.variant()["ModelName"] == deployed[0].document["name"]
    assert (stack.jobs(), stack.watermark()) == (jobs, watermark)
    assert traffic.failures == []
    record = told(stack, done.run)
    assert (record.ended, record.rolled_back, record.model) == ("Deployed", True, done.model)
    assert history(stack.ref, 20).serves == done.run


def test_asking_again_changes_nothing(stack: Deployed, deployed: list[ExecutionState]) -> None:
    config = stack.endpoint()["EndpointConfigName"]
    assert back(stack).how == IS_LIVE
    assert back(stack, to=deployed[0].name).how == IS_LIVE
    assert stack.endpoint()["EndpointConfigName"] == config


@pytest.mark.usefixtures("deployed")
def test_while_it_is_held_new_data_replaces_nothing(stack: Deployed) -> None:
    model = stack.variant()["ModelName"]
    stack.new_day()
    held = stack.run()
    assert (held.status, held.outcome) == ("SUCCEEDED", "Held")
    assert "held by ada" in held.reason
    assert "flats are off" in held.reason
    assert stack.variant()["ModelName"] == model
    assert told(stack, held.name).ended == "Held"


@pytest.mark.usefixtures("deployed")
def test_once_released_new_data_is_trained_on(stack: Deployed) -> None:
    ended = release(stack.ref)
    assert ended
    assert ended["reason"] == "flats are off"
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert stack.variant()["ModelName"] == ending.document["name"]


def test_without_a_hold_the_schedule_leaves_a_rollback_until_newer_data(
    stack: Deployed, deployed: list[ExecutionState]
) -> None:
    done = back(stack, to=deployed[1].name)
    assert (done.outcome, done.hold) == ("Deployed", None)
    ending = stack.run()
    assert ending.outcome == "NoNewData"
    assert stack.variant()["ModelName"] == deployed[1].document["name"]
    json.dumps(done.document())
