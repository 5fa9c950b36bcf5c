"""A run that data has started does not forget the data because another run is working."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.artifacts import definition_checks, state_machine
from refit.domain.run_request import ARRIVAL_SOURCE
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.support.definitions import applied, pipeline
from tests.support.executions import ScriptedTasks, execution_of, run_of
from tests.support.virtual_clock import VirtualClock

BUSY = {"outcome": "AlreadyRunning", "reason": "run-1 is still running", "stale": None, "train_only": False}
EVENT = {"source": ARRIVAL_SOURCE, "time": "2026-11-22T06:15:00Z", "detail": {}}


def called(orchestration: str, event: Any, checked: dict[str, Any], answer: Any = None) -> tuple[ScriptedTasks, str]:
    """The tasks of a run, and its last state."""
    machine = json.loads(applied(pipeline(orchestration=orchestration, arrival={})))
    tasks = ScriptedTasks({"CheckData": checked, "ObjectArrived": answer or {"outcome": "Planned"}})
    clock = VirtualClock()
    execution = execution_of(event, clock)
    run_of(machine, clock=clock, execution=execution, tasks=tasks).execute()
    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    return tasks, json.loads(execution.output or "{}")["end"]["state"]


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
class TestARunThatFindsAnotherRunning:
    def test_has_another_start_planned_if_data_started_it(self, orchestration: str) -> None:
        tasks, end = called(orchestration, EVENT, BUSY)
        assert [task.state for task in tasks.asked] == ["CheckData", "ObjectArrived", "WriteRecord"]
        assert tasks.asked[1].arguments["source"] == ARRIVAL_SOURCE
        assert end == "AlreadyRunning"

    @pytest.mark.parametrize("event", [{}, [], {"source": "aws.scheduler"}])
    def test_plans_nothing_if_something_else_started_it(self, orchestration: str, event: Any) -> None:
        tasks, _ = called(orchestration, event, BUSY)
        assert [task.state for task in tasks.asked] == ["CheckData", "WriteRecord"]

    def test_ends_all_the_same_if_nothing_can_be_planned(self, orchestration: str) -> None:
        _, end = called(orchestration, EVENT, BUSY, StatesError("AccessDeniedException", "no"))
        assert end == "AlreadyRunning"


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_definition_is_sound(orchestration: str) -> None:
    assert definition_checks.check(state_machine.render(pipeline(orchestration=orchestration, arrival={}))) == []


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_a_run_that_looks_at_the_data_plans_nothing(orchestration: str) -> None:
    tasks, end = called(orchestration, EVENT, BUSY | {"outcome": "NoNewData"})
    assert [task.state for task in tasks.asked] == ["CheckData", "WriteRecord"]
    assert end == "NoNewData"
