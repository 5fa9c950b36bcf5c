from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.support.executions import INVOKE, chain, details_of, execute, machine_of, output_of, types
from tests.support.virtual_clock import VirtualClock

BROKEN = StatesError("Broken", "it broke")


def branch(name: str, **state: Any) -> dict[str, Any]:
    return machine_of({name: {"Type": "Pass", "End": True, **state}})


def parallel(*branches: dict[str, Any], **members: Any) -> dict[str, Any]:
    return machine_of({"All": {"Type": "Parallel", "Branches": list(branches), **members, "End": True}})


def test_the_events_of_branches_are_those_of_aws() -> None:
    """LocalStack's recording test_base_scenarios::test_parallel_state."""
    ran = execute(parallel(branch("One"), branch("Two")), [1])
    assert output_of(ran) == [[1], [1]]
    assert chain(ran)[1:] == [
        (2, 0, "ParallelStateEntered"),
        (3, 2, "ParallelStateStarted"),
        (4, 3, "PassStateEntered"),
        (5, 4, "PassStateExited"),
        (6, 3, "PassStateEntered"),
        (7, 6, "PassStateExited"),
        (8, 7, "ParallelStateSucceeded"),
        (9, 7, "ParallelStateExited"),
        (10, 9, "ExecutionSucceeded"),
    ]


def test_the_results_are_in_the_order_of_the_branches() -> None:
    clock = VirtualClock()

    def work(seconds: int) -> Any:
        return lambda task: clock.wait(seconds, task.abandoned) or seconds

    branches = [branch(name, Type="Task", Resource=INVOKE) for name in ("Slow", "Fast")]
    ran = execute(parallel(*branches), answers={"Slow": work(60), "Fast": work(5)}, clock=clock)
    assert output_of(ran) == [60, 5]
    assert [each["name"] for each in details_of(ran, "TaskStateExited")] == ["Fast", "Slow"]
    assert ran.stop_date == ran.start_date + 60


def test_the_first_failure_aborts_the_other_branches() -> None:
    wait = branch("Wait", Type="Wait", Seconds=60)
    clock = VirtualClock()

    def fail(task: Any) -> None:
        clock.wait(5, task.abandoned)
        raise BROKEN

    bad = branch("Bad", Type="Task", Resource=INVOKE)
    ran = execute(parallel(wait, bad), answers={"Bad": fail}, clock=clock)
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "Broken", "it broke")
    assert ran.stop_date == ran.start_date + 5
    assert chain(ran)[3:] == [
        (4, 3, "WaitStateEntered"),
        (5, 3, "TaskStateEntered"),
        (6, 5, "TaskScheduled"),
        (7, 6, "TaskStarted"),
        (8, 7, "TaskFailed"),
        (9, 8, "TaskStateAborted"),
        (10, 8, "WaitStateAborted"),
        (11, 8, "ParallelStateFailed"),
        (12, 11, "ExecutionFailed"),
    ]


def test_a_branch_that_never_waits_is_aborted_too() -> None:
    forever = machine_of({"Again": {"Type": "Pass", "Next": "Again"}})
    ran = execute(parallel(branch("Bad", Type="Fail", Error="Broken"), forever))
    assert (ran.status, ran.error) == ("FAILED", "Broken")


def test_a_failed_branch_is_caught_and_retried() -> None:
    retry, catch = [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}], [{"ErrorEquals": ["Broken"], "Next": "Caught"}]
    machine = parallel(branch("Bad", Type="Fail", Error="Broken"), Retry=retry, Catch=catch)
    machine["States"]["Caught"] = {"Type": "Succeed"}
    ran = execute(machine)
    assert output_of(ran) == {"Error": "Broken", "Cause": ""}
    assert types(ran)[2:] == [
        "ParallelStateStarted",
        "FailStateEntered",
        "ParallelStateStarted",
        "FailStateEntered",
        "ParallelStateFailed",
        "ParallelStateExited",
        "SucceedStateEntered",
        "SucceedStateExited",
        "ExecutionSucceeded",
    ]


def test_branches_read_the_outer_variables_and_assign_only_their_own() -> None:
    inner = branch("Inner", Assign={"own": "{% $outer & '!' %}"}, Output="{% $outer %}")
    states = {
        "Outer": {"Type": "Pass", "Assign": {"outer": "o"}, "Next": "All"},
        "All": {"Type": "Parallel", "Branches": [inner, inner], "Next": "After"},
        "After": {"Type": "Pass", "Output": {"in": "{% $states.input %}", "seen": "{% $exists($own) %}"}, "End": True},
    }
    ran = execute(machine_of(states, QueryLanguage="JSONata"))
    assert output_of(ran) == {"in": ["o", "o"], "seen": False}
    assert details_of(ran, "PassStateExited")[1]["assignedVariables"] == {"own": '"o!"'}


def test_the_branches_get_the_arguments_of_the_state() -> None:
    assert output_of(execute(parallel(branch("One"), Parameters={"b.$": "$.a"}), {"a": 1})) == [{"b": 1}]


def test_an_output_that_cannot_be_evaluated_fails_after_the_branches_succeeded() -> None:
    ran = execute(parallel(branch("One"), ResultSelector={"v.$": "$.nothing"}), 1)
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert types(ran)[-2:] == ["ParallelStateSucceeded", "ExecutionFailed"]


def test_branches_can_be_nested() -> None:
    inner = machine_of({"Inner": {"Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": True}})
    assert output_of(execute(parallel(inner, branch("C")), 1)) == [[1, 1], 1]


def test_a_failure_deep_inside_stops_all_that_runs() -> None:
    slow = branch("Slow", Type="Wait", Seconds=3600)
    bad = branch("Bad", Type="Fail", Error="Broken")
    inner = machine_of({"Inner": {"Type": "Parallel", "Branches": [slow, bad], "End": True}})
    ran = execute(parallel(inner, slow))
    assert (ran.status, ran.error, ran.stop_date) == ("FAILED", "Broken", ran.start_date)
    assert types(ran)[-2:] == ["ParallelStateFailed", "ExecutionFailed"]


def test_a_failure_outside_stops_the_branches_inside() -> None:
    slow = branch("Slow", Type="Wait", Seconds=3600)
    inner = machine_of({"Inner": {"Type": "Parallel", "Branches": [slow, slow], "End": True}})
    ran = execute(parallel(inner, branch("Bad", Type="Fail", Error="Broken")))
    assert (ran.status, ran.error, ran.stop_date) == ("FAILED", "Broken", ran.start_date)
    assert types(ran)[-3:] == ["ParallelStateAborted", "ParallelStateFailed", "ExecutionFailed"]
