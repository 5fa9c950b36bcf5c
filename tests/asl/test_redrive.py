"""Direct orchestration: a run that was stopped and redriven changes nothing once another run has its lease."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.clock import Clock
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.definitions import applied, pipeline
from tests.support.executions import EXECUTION_ARN, ScriptedTasks, execution_of, run_of
from tests.support.virtual_clock import VirtualClock

NAME = "prices-20261107-0a1b2c3d"
RUN = {
    "outcome": "NewData",
    "reason": "",
    "pipeline": "prices",
    "train_only": False,
    "stale": None,
    "newest": "2026-11-07",
    "watermark": "2026-11-06",
    "manifest": "s3://b/m",
    "image": "i",
    "tags": [],
    "name": NAME,
    "days": {"train": [], "validation": [], "missing": []},
}
JOB = {
    "TrainingJobName": NAME,
    "TrainingJobArn": "arn:job",
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "CreationTime": "2026-11-07T12:00:00Z",
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
    "FinalMetricDataList": [{"MetricName": "train:objective_loss", "Value": 1.0}],
    "BillableTimeInSeconds": 60,
}
CHANGES = ("StartTrainingJob", "DeleteEndpoint", "CreateEndpoint", "UpdateEndpoint", "UpdateParameters", "RememberRun")
OTHER = EXECUTION_ARN + "-2"


class World(ScriptedTasks):
    """AWS, as far as a run sees it: the endpoint and the watermark follow what the run requests."""

    def __init__(self, **answers: Any) -> None:
        self.holder, self.status, self.config = EXECUTION_ARN, "InService", "prices-20261106-ffffffff"
        super().__init__(
            {
                "CheckData": RUN,
                "NotifySlack": {},
                "CleanUp": {},
                "DescribeTrainingJob": JOB,
                "ReadLease": lambda task: {"Body": json.dumps({"execution_arn": self.holder})},
                "ReadWatermark": {"Parameters": [{"Name": "w", "Value": "2026-11-06"}], "InvalidParameters": []},
                "FindEndpoint": lambda task: self.endpoint(),
                "DescribeEndpoint": lambda task: self.endpoint(),
                "ServingConfig": {"ProductionVariants": []},
                "UpdateEndpoint": lambda task: self.change(NAME),
                "CreateEndpoint": lambda task: self.change(NAME),
                "DeleteEndpoint": lambda task: self.change(""),
                **answers,
            }
        )

    def endpoint(self) -> dict[str, Any]:
        if not self.config:
            raise StatesError("SageMaker.SageMakerException", 'Could not find endpoint "prices".')
        return {"EndpointName": "prices", "EndpointStatus": self.status, "EndpointConfigName": self.config}

    def change(self, config: str) -> dict[str, Any]:
        self.config, self.status = config, "InService"
        return {}


@cache
def machine() -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(applied(pipeline(orchestration="direct")))
    return definition


def stopped_at(state: str, world: World) -> Execution:
    """The record of a run that was stopped in `state`, before its request reached AWS."""
    clock: Clock = VirtualClock()
    execution = execution_of({}, clock)
    run = run_of(machine(), clock=clock, execution=execution, tasks=world)
    answer = world._answers.get(state)

    def stop(task: Task) -> Any:
        run.stop()
        return {}

    world._answers[state] = stop
    run.execute()
    assert execution.status == "ABORTED", (execution.status, execution.error, execution.cause)
    assert world.asked[-1].state == state
    world._answers[state] = answer
    world.asked.clear()
    return execution


def redriven(execution: Execution, world: World) -> list[str]:
    """The states that called AWS after the redrive."""
    copy = Execution(**json.loads(json.dumps(vars(execution))))
    run_of(machine(), execution=copy, tasks=world).redrive()
    execution.status, execution.error, execution.cause = copy.status, copy.error, copy.cause
    return [task.state for task in world.asked]


def world_of(state: str) -> World:
    """A world in which a run comes to `state`."""
    world = World()
    if state in ("DeleteEndpoint", "CreateEndpoint"):
        world._answers["CheckData"] = RUN | {"watermark": None}
        world.status, world.config = "Failed", "prices-20261101-ffffffff" if state == "DeleteEndpoint" else ""
    return world


@pytest.mark.parametrize("state", [*CHANGES, "FindEndpoint", "CreateModel", "CreateEndpointConfig", "ServingConfig"])
def test_a_run_whose_lease_was_taken_over_changes_nothing(state: str) -> None:
    world = world_of(state)
    execution = stopped_at(state, world)
    world.holder = OTHER
    asked = redriven(execution, world)
    assert not set(asked) & set(CHANGES)
    assert (execution.status, execution.error) == ("FAILED", "LeaseLost")
    assert execution.cause == f"LeaseLost: the lease is held by {OTHER}; this run cannot continue: start a new one"


@pytest.mark.parametrize("state", CHANGES)
def test_a_run_that_still_has_its_lease_goes_on(state: str) -> None:
    world = world_of(state)
    execution = stopped_at(state, world)
    asked = redriven(execution, world)
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause, asked)
    assert asked[0] == "ReadLease"
    assert state in asked


def test_a_run_that_is_not_redriven_reads_its_lease_twice() -> None:
    world = World()
    execution = execution_of({}, VirtualClock())
    run_of(machine(), execution=execution, tasks=world).execute()
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    assert [task.state for task in world.asked].count("ReadLease") == 2
