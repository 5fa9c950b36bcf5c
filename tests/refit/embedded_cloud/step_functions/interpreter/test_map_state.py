from __future__ import annotations

import threading
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.clock import RealClock
from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.executions import (
    INVOKE,
    chain,
    details_of,
    execute,
    history,
    machine_of,
    output_of,
    run_of,
    types,
)
from tests.support.virtual_clock import VirtualClock

ITEM = machine_of({"Item": {"Type": "Pass", "End": True}})
WORK = machine_of({"Work": {"Type": "Task", "Resource": INVOKE, "End": True}})
FAILS = machine_of({"Bad": {"Type": "Fail", "Error": "Broken", "Cause": "it broke"}})
BROKEN = StatesError("Broken", "it broke")


def each(processor: dict[str, Any], **members: Any) -> dict[str, Any]:
    return machine_of({"Each": {"Type": "Map", "ItemProcessor": processor, **members, "End": True}})


def test_the_events_of_one_iteration_after_the_other_are_those_of_aws() -> None:
    """LocalStack's recording test_base_scenarios::test_map_state."""
    ran = execute(each(ITEM, MaxConcurrency=1), [7, 8])
    assert output_of(ran) == [7, 8]
    assert chain(ran)[1:] == [
        (2, 0, "MapStateEntered"),
        (3, 2, "MapStateStarted"),
        (4, 3, "MapIterationStarted"),
        (5, 4, "PassStateEntered"),
        (6, 5, "PassStateExited"),
        (7, 6, "MapIterationSucceeded"),
        (8, 6, "MapIterationStarted"),
        (9, 8, "PassStateEntered"),
        (10, 9, "PassStateExited"),
        (11, 10, "MapIterationSucceeded"),
        (12, 11, "MapStateSucceeded"),
        (13, 11, "MapStateExited"),
        (14, 13, "ExecutionSucceeded"),
    ]
    assert details_of(ran, "MapStateStarted") == [{"length": 2}]
    assert details_of(ran, "MapIterationSucceeded") == [{"name": "Each", "index": n} for n in (0, 1)]
    assert details_of(ran, "PassStateEntered")[1]["input"] == "8"


def test_the_events_of_iterations_that_time_out_together_are_those_of_aws() -> None:
    """LocalStack's recording test_timeouts::test_service_lambda_map_timeout."""
    clock = VirtualClock()
    processor = machine_of({"Work": {"Type": "Task", "Resource": INVOKE, "TimeoutSeconds": 5, "End": True}})
    answers = {"Work": lambda task: clock.wait(60, task.abandoned)}
    ran = execute(each(processor), [1, 2], answers, clock)
    assert chain(ran)[3:] == [
        (4, 3, "MapIterationStarted"),
        (5, 3, "MapIterationStarted"),
        (6, 4, "TaskStateEntered"),
        (7, 6, "TaskScheduled"),
        (8, 7, "TaskStarted"),
        (9, 5, "TaskStateEntered"),
        (10, 9, "TaskScheduled"),
        (11, 10, "TaskStarted"),
        (12, 8, "TaskTimedOut"),
        (13, 12, "MapIterationFailed"),
        (14, 12, "TaskStateAborted"),
        (15, 12, "MapIterationAborted"),
        (16, 12, "TaskStateAborted"),
        (17, 12, "MapStateFailed"),
        (18, 17, "ExecutionFailed"),
    ]
    assert (ran.error, ran.cause) == ("States.Timeout", None)


def test_a_failed_iteration_is_caught_by_the_map() -> None:
    """LocalStack's recording test_base_scenarios::test_map_state_catch."""
    machine = each(FAILS, Catch=[{"ErrorEquals": ["Broken"], "Next": "Caught"}])
    machine["States"]["Caught"] = {"Type": "Succeed"}
    ran = execute(machine, [1])
    assert output_of(ran) == {"Error": "Broken", "Cause": "it broke"}
    assert history(ran)[5:7] == [
        (6, 5, "MapIterationFailed", {"name": "Each", "index": 0}),
        (7, 5, "MapStateFailed", {}),
    ]
    assert chain(ran)[7:9] == [(8, 7, "MapStateExited"), (9, 8, "SucceedStateEntered")]


def test_a_map_is_retried_with_all_its_items() -> None:
    """LocalStack's recording test_base_scenarios::test_map_state_retry."""
    retry = [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]
    ran = execute(each(FAILS, Retry=retry), [1])
    assert chain(ran)[2:] == [
        (3, 2, "MapStateStarted"),
        (4, 3, "MapIterationStarted"),
        (5, 4, "FailStateEntered"),
        (6, 5, "MapIterationFailed"),
        (7, 5, "MapStateStarted"),
        (8, 7, "MapIterationStarted"),
        (9, 8, "FailStateEntered"),
        (10, 9, "MapIterationFailed"),
        (11, 9, "MapStateFailed"),
        (12, 11, "ExecutionFailed"),
    ]
    ran = execute(each(WORK, MaxConcurrency=1, Retry=retry), [1, 2], {"Work": ["a", BROKEN, "b", "c"]})
    assert output_of(ran) == ["b", "c"]


def test_an_empty_list_has_no_iteration() -> None:
    ran = execute(each(ITEM), [])
    assert output_of(ran) == []
    assert types(ran)[2:5] == ["MapStateStarted", "MapStateSucceeded", "MapStateExited"]


def test_the_item_selector_reads_the_item_and_the_input() -> None:
    selector = {"index.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value", "all.$": "$.items"}
    ran = execute(each(ITEM, ItemsPath="$.items", ItemSelector=selector), {"items": ["a", "b"]})
    assert output_of(ran) == [
        {"index": 0, "value": "a", "all": ["a", "b"]},
        {"index": 1, "value": "b", "all": ["a", "b"]},
    ]


def test_items_and_item_selector_are_expressions_in_jsonata() -> None:
    selector = {"index": "{% $states.context.Map.Item.Index %}", "double": "{% $states.context.Map.Item.Value * 2 %}"}
    machine = each(ITEM, Items="{% $states.input.items %}", ItemSelector=selector) | {"QueryLanguage": "JSONata"}
    assert output_of(execute(machine, {"items": [3, 4]})) == [{"index": 0, "double": 6}, {"index": 1, "double": 8}]


def test_the_states_of_an_iteration_read_its_item_in_the_context_object() -> None:
    processor = machine_of({"Item": {"Type": "Pass", "Parameters": {"n.$": "$$.Map.Item.Index"}, "End": True}})
    assert output_of(execute(each(processor), ["a", "b"])) == [{"n": 0}, {"n": 1}]


def test_an_old_definition_names_the_processor_iterator() -> None:
    assert output_of(execute(machine_of({"Each": {"Type": "Map", "Iterator": ITEM, "End": True}}), [1])) == [1]


def test_iterations_assign_only_their_own_variables() -> None:
    processor = machine_of(
        {
            "Add": {"Type": "Pass", "Assign": {"total": "{% $base + $states.input %}"}, "Next": "Read"},
            "Read": {"Type": "Pass", "Output": "{% $total %}", "End": True},
        }
    )
    after = {"in": "{% $states.input %}", "seen": "{% $exists($total) %}"}
    states = {
        "Base": {"Type": "Pass", "Assign": {"base": 10}, "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": processor, "Next": "After"},
        "After": {"Type": "Pass", "Output": after, "End": True},
    }
    assert output_of(execute(machine_of(states, QueryLanguage="JSONata"), [1, 2])) == {"in": [11, 12], "seen": False}


@pytest.mark.parametrize(("concurrency", "seconds"), [(1, 60), (2, 30), (3, 20), (0, 10), (6, 10)])
def test_max_concurrency_limits_the_iterations_at_a_time(concurrency: int, seconds: int) -> None:
    clock = VirtualClock()
    answers = {"Work": lambda task: clock.wait(10, task.abandoned)}
    ran = execute(each(WORK, MaxConcurrency=concurrency), list(range(6)), answers, clock)
    assert ran.stop_date == ran.start_date + seconds


def test_an_inline_map_runs_40_iterations_at_a_time() -> None:
    clock = VirtualClock()
    answers = {"Work": lambda task: clock.wait(10, task.abandoned)}
    ran = execute(each(WORK), list(range(41)), answers, clock)
    assert ran.stop_date == ran.start_date + 20


def test_on_the_wall_clock_iterations_run_at_the_same_time() -> None:
    together = threading.Barrier(3)
    ran = execute(
        each(WORK),
        [1, 2, 3],
        {"Work": lambda task: (together.wait() and task.arguments) or task.arguments},
        RealClock(),
    )
    assert output_of(ran) == [1, 2, 3]


def test_on_the_wall_clock_the_first_failure_abandons_the_others() -> None:
    def work(task: Task) -> None:
        if task.arguments == 2:
            raise BROKEN
        task.abandoned.wait()

    ran = execute(each(WORK), [1, 2, 3], {"Work": work}, RealClock())
    assert (ran.status, ran.error) == ("FAILED", "Broken")
    assert details_of(ran, "MapIterationFailed") == [{"name": "Each", "index": 1}]
    assert types(ran)[-2:] == ["MapStateFailed", "ExecutionFailed"]


def test_a_stop_ends_all_iterations() -> None:
    clock = VirtualClock()
    run = run_of(each(WORK), [1, 2], {"Work": lambda task: clock.wait(60, task.abandoned)}, clock)
    clock.at(5, lambda: run.stop())
    run.execute()
    assert types(run.execution)[-1] == "ExecutionAborted"
    assert run.execution.stop_date == run.execution.start_date + 5


def test_items_that_are_no_list_fail_before_the_map_starts() -> None:
    ran = execute(each(ITEM), {"a": 1})
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert types(ran)[1:] == ["MapStateEntered", "ExecutionFailed"]


@pytest.mark.parametrize(("member", "started"), [("MaxConcurrency", False), ("ToleratedFailureCount", True)])
def test_a_number_that_is_none_fails_before_or_after_the_map_started(member: str, started: bool) -> None:
    """LocalStack's recordings test_base_scenarios::test_max_concurrency_path and …_tolerated_failure_count_path."""
    ran = execute(each(ITEM, ItemsPath="$.items", **{f"{member}Path": "$.n"}), {"items": [0], "n": "NoNumber"})
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert ran.cause == (
        "An error occurred while executing the state 'Each' (entered at the event id #2). The"
        f' {member}Path field refers to value "NoNumber" which is not a valid integer: $.n'
    )
    assert types(ran)[1:] == ["MapStateEntered", *["MapStateStarted"] * started, "ExecutionFailed"]


def test_an_inline_map_tolerates_no_failure() -> None:
    assert execute(each(FAILS, ToleratedFailureCount=5), [1, 2]).error == "Broken"


def test_distributed_mode_is_refused() -> None:
    ran = execute(each({**ITEM, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}), [1])
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert ran.cause == (
        "The state 'Each' is a Map in DISTRIBUTED mode, which runs on AWS only; write Mode INLINE to run it on the"
        " embedded cloud."
    )


def test_the_results_together_have_the_size_of_one_output() -> None:
    ran = execute(each(WORK), [1, 2], {"Work": "x" * 140_000})
    assert (ran.status, ran.error) == ("FAILED", "States.DataLimitExceeded")
    assert ran.cause is not None
    assert "'Each'" in ran.cause
