"""RedriveExecution: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.run import Run
from tests.support.executions import INVOKE, chain, details_of, execute, history, machine_of, output_of, run_of, types
from tests.support.virtual_clock import VirtualClock

TASK = {"Type": "Task", "Resource": INVOKE, "End": True}
BROKEN = StatesError("Broken", "it broke")


def redrive(machine: Mapping[str, Any], execution: Execution, answers: Mapping[str, Any] | None = None) -> Execution:
    """Redrives a copy of the record that went through JSON, as after a restart."""
    copy = Execution(**json.loads(json.dumps(vars(execution))))
    run_of(machine, answers=answers, execution=copy).redrive()
    return copy


def test_a_redrive_continues_from_the_state_that_failed() -> None:
    states = {
        "First": {"Type": "Pass", "Result": 1, "ResultPath": "$.first", "Assign": {"known": 2}, "Next": "Work"},
        "Work": {**TASK, "Parameters": {"known.$": "$known"}, "ResultPath": "$.work"},
    }
    machine = machine_of(states)
    failed = execute(machine, answers={"Work": BROKEN})
    redriven = redrive(machine, failed, {"Work": lambda task: task.arguments})
    assert output_of(redriven) == {"first": 1, "work": {"known": 2}}
    assert chain(redriven)[7:] == [
        (8, 7, "ExecutionFailed"),
        (9, 8, "ExecutionRedriven"),
        (10, 9, "TaskScheduled"),
        (11, 10, "TaskStarted"),
        (12, 11, "TaskSucceeded"),
        (13, 12, "TaskStateExited"),
        (14, 13, "ExecutionSucceeded"),
    ]
    assert details_of(redriven, "ExecutionRedriven") == [{"redriveCount": 1}]
    assert (redriven.redrive_count, redriven.error, redriven.cause, redriven.resume) == (1, None, None, None)


def test_a_redriven_execution_that_fails_again_can_be_redriven_again() -> None:
    machine = machine_of({"Work": TASK})
    failed = redrive(machine, execute(machine, answers={"Work": BROKEN}), {"Work": BROKEN})
    assert (failed.status, failed.error, failed.redrive_count) == ("FAILED", "Broken", 1)
    assert output_of(redrive(machine, failed, {"Work": "fine"})) == "fine"


def test_a_redrive_begins_the_retries_again() -> None:
    machine = machine_of({"Work": {**TASK, "Retry": [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]}})
    failed = execute(machine, answers={"Work": BROKEN})
    assert types(failed).count("TaskScheduled") == 2
    assert output_of(redrive(machine, failed, {"Work": [BROKEN, "fine"]})) == "fine"


def test_the_context_object_counts_redrives() -> None:
    context = {"count.$": "$$.Execution.RedriveCount", "time.$": "$$.Execution.RedriveTime"}
    machine = machine_of(
        {"Work": {**TASK, "Next": "Read"}, "Read": {"Type": "Pass", "Parameters": context, "End": True}}
    )
    machine["States"]["Work"].pop("End")
    redriven = redrive(machine, execute(machine, answers={"Work": BROKEN}), {"Work": "fine"})
    assert output_of(redriven) == {"count": 1, "time": "2026-01-01T00:00:00.000Z"}


def test_a_wait_that_was_stopped_waits_again() -> None:
    machine = machine_of({"Hour": {"Type": "Wait", "Seconds": 3600, "End": True}})
    clock = VirtualClock()
    run = run_of(machine, clock=clock)
    clock.at(60, lambda: run.stop())
    run.execute()
    redriven = redrive(machine, run.execution)
    assert redriven.stop_date == redriven.redrive_date + 3600  # type: ignore[operator]


class StopsBetweenStates(VirtualClock):
    """Stops the run when the first state has exited and the second has not been entered."""

    run: Run | None = None

    def now(self) -> datetime:
        if self.run is not None and types(self.run.execution)[-1:] == ["TaskStateExited"]:
            run, self.run = self.run, None
            run.stop()
        return super().now()


def test_a_state_that_has_exited_does_not_run_again() -> None:
    first = {"Type": "Task", "Resource": INVOKE, "Assign": {"known": "v"}, "Next": "Second"}
    second = {**TASK, "Parameters": {"in.$": "$", "known.$": "$known"}}
    machine, clock = machine_of({"First": first, "Second": second}), StopsBetweenStates()
    run = run_of(machine, answers={"First": 1}, clock=clock)
    clock.run = run
    run.execute()
    assert types(run.execution)[-2:] == ["TaskStateExited", "ExecutionAborted"]
    redriven = redrive(machine, run.execution, {"First": BROKEN, "Second": lambda task: task.arguments})
    assert output_of(redriven) == {"in": 1, "known": "v"}
    assert types(redriven)[7:9] == ["ExecutionRedriven", "TaskStateEntered"]


def test_the_time_limit_begins_again() -> None:
    machine = machine_of({"Hour": {"Type": "Wait", "Seconds": 3600, "End": True}}, TimeoutSeconds=60)
    failed = execute(machine)
    assert failed.status == "TIMED_OUT"
    redriven = redrive(machine, failed)
    assert (redriven.status, redriven.stop_date) == ("TIMED_OUT", redriven.redrive_date + 60)  # type: ignore[operator]


def test_a_fail_state_is_entered_again() -> None:
    machine = machine_of({"End": {"Type": "Fail", "Error": "Broken"}})
    redriven = redrive(machine, execute(machine))
    assert history(redriven)[-1] == (6, 5, "ExecutionFailed", {"error": "Broken"})
    assert types(redriven)[-3:] == ["ExecutionRedriven", "FailStateEntered", "ExecutionFailed"]


def test_only_the_branches_that_did_not_succeed_run_again() -> None:
    branches = [machine_of({name: TASK}) for name in ("Good", "Bad", "Slow")]
    machine = machine_of({"All": {"Type": "Parallel", "Branches": branches, "End": True}})
    clock = VirtualClock()

    def fail(task: Any) -> None:
        clock.wait(5, task.abandoned)
        raise BROKEN

    run = run_of(
        machine, answers={"Good": 1, "Bad": fail, "Slow": lambda task: clock.wait(9, task.abandoned)}, clock=clock
    )
    run.execute()
    assert run.execution.error == "Broken"
    redriven = redrive(machine, run.execution, {"Good": BROKEN, "Bad": 2, "Slow": 3})
    assert output_of(redriven) == [1, 2, 3]


def test_only_the_iterations_that_did_not_succeed_run_again() -> None:
    mapped = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": machine_of({"Work": TASK}), "End": True}
    machine = machine_of({"Each": mapped})
    failed = execute(machine, [1, 2, 3], {"Work": [10, BROKEN]})
    redriven = redrive(machine, failed, {"Work": [20, 30]})
    assert output_of(redriven) == [10, 20, 30]


def test_all_branches_run_again_after_a_result_that_was_too_large() -> None:
    branches = [machine_of({name: TASK}) for name in ("Small", "Large")]
    machine = machine_of({"All": {"Type": "Parallel", "Branches": branches, "End": True}})
    failed = execute(machine, answers={"Small": 1, "Large": "x" * 262_144})
    assert failed.error == "States.DataLimitExceeded"
    assert output_of(redrive(machine, failed, {"Small": 2, "Large": 3})) == [2, 3]


def test_an_execution_that_was_stopped_before_its_first_state_starts_there() -> None:
    machine = machine_of({"Work": TASK})
    run = run_of(machine)
    run.stop()
    run.execute()
    assert output_of(redrive(machine, run.execution, {"Work": "fine"})) == "fine"
