"""Retry and Catch: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.support.executions import INVOKE, chain, details_of, execute, machine_of, output_of, run_of, types
from tests.support.virtual_clock import VirtualClock

BROKEN, OTHER = StatesError("Broken", "it broke"), StatesError("Other")


def task(**members: Any) -> dict[str, Any]:
    return machine_of(
        {"Work": {"Type": "Task", "Resource": INVOKE, **members, "End": True}, "Caught": {"Type": "Succeed"}}
    )


def test_a_task_is_retried_until_it_succeeds() -> None:
    ran = execute(task(Retry=[{"ErrorEquals": ["Broken"]}]), answers={"Work": [BROKEN, BROKEN, "fine"]})
    assert output_of(ran) == "fine"
    assert chain(ran)[1:] == [
        (2, 0, "TaskStateEntered"),
        (3, 2, "TaskScheduled"),
        (4, 3, "TaskStarted"),
        (5, 4, "TaskFailed"),
        (6, 5, "TaskScheduled"),
        (7, 6, "TaskStarted"),
        (8, 7, "TaskFailed"),
        (9, 8, "TaskScheduled"),
        (10, 9, "TaskStarted"),
        (11, 10, "TaskSucceeded"),
        (12, 11, "TaskStateExited"),
        (13, 12, "ExecutionSucceeded"),
    ]


@pytest.mark.parametrize(
    ("retrier", "attempts", "seconds"),
    [
        ({}, 4, 1 + 2 + 4),
        ({"MaxAttempts": 0}, 1, 0),
        ({"MaxAttempts": 2, "IntervalSeconds": 10}, 3, 10 + 20),
        ({"MaxAttempts": 3, "IntervalSeconds": 10, "BackoffRate": 1}, 4, 30),
        ({"MaxAttempts": 3, "IntervalSeconds": 10, "BackoffRate": 1.5}, 4, 10 + 15 + 22.5),
        ({"MaxAttempts": 3, "IntervalSeconds": 10, "MaxDelaySeconds": 15}, 4, 10 + 15 + 15),
        ({"MaxAttempts": 2, "IntervalSeconds": 10, "JitterStrategy": "NONE"}, 3, 30),
    ],
)
def test_a_retrier_waits_longer_each_time(retrier: dict[str, Any], attempts: int, seconds: float) -> None:
    ran = execute(task(Retry=[{"ErrorEquals": ["Broken"], **retrier}]), answers={"Work": BROKEN})
    assert (ran.status, ran.error, types(ran).count("TaskScheduled")) == ("FAILED", "Broken", attempts)
    assert ran.stop_date == ran.start_date + seconds


def test_full_jitter_waits_for_a_random_part_of_the_delay() -> None:
    retry = [{"ErrorEquals": ["Broken"], "IntervalSeconds": 100, "BackoffRate": 1, "JitterStrategy": "FULL"}]
    ran = execute(task(Retry=retry), answers={"Work": BROKEN})
    times = [event["timestamp"] for event in ran.events if event["type"] == "TaskScheduled"]
    delays = [after - before for before, after in itertools.pairwise(times)]
    assert all(0 <= delay < 100 for delay in delays)
    assert len(set(delays)) == 3


def test_a_delay_never_exceeds_a_year() -> None:
    retry = [{"ErrorEquals": ["Broken"], "IntervalSeconds": 99_999_999, "BackoffRate": 1e300, "MaxAttempts": 3}]
    ran = execute(task(Retry=retry), answers={"Work": BROKEN})
    assert ran.stop_date == ran.start_date + 3 * 31_622_400


def test_each_retrier_counts_its_own_attempts() -> None:
    retry = [{"ErrorEquals": [name], "MaxAttempts": 1} for name in ("Broken", "Other")]
    ran = execute(task(Retry=retry), answers={"Work": [BROKEN, OTHER, BROKEN]})
    assert (ran.error, types(ran).count("TaskScheduled")) == ("Broken", 3)


def test_the_first_retrier_that_matches_decides() -> None:
    retry = [{"ErrorEquals": ["Broken"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}]
    assert types(execute(task(Retry=retry), answers={"Work": BROKEN})).count("TaskScheduled") == 1


def test_the_context_object_counts_retries() -> None:
    machine = task(Parameters={"count.$": "$$.State.RetryCount"}, Retry=[{"ErrorEquals": ["Broken"], "MaxAttempts": 2}])
    ran = execute(machine, answers={"Work": BROKEN})
    assert [each["parameters"] for each in details_of(ran, "TaskScheduled")] == [f'{{"count":{n}}}' for n in range(3)]


def test_a_stop_ends_the_wait_for_a_retry() -> None:
    clock = VirtualClock()
    run = run_of(
        task(Retry=[{"ErrorEquals": ["Broken"], "IntervalSeconds": 600}]), answers={"Work": BROKEN}, clock=clock
    )
    clock.at(60, lambda: run.stop())
    run.execute()
    assert (run.execution.status, run.execution.stop_date) == ("ABORTED", run.execution.start_date + 60)


CATCH = [{"ErrorEquals": ["Broken"], "Next": "Caught"}]


def test_a_catcher_passes_error_and_cause_to_its_state() -> None:
    ran = execute(task(Catch=CATCH), {"a": 1}, {"Work": BROKEN})
    assert output_of(ran) == {"Error": "Broken", "Cause": "it broke"}
    assert types(ran)[4:7] == ["TaskFailed", "TaskStateExited", "SucceedStateEntered"]
    assert details_of(ran, "TaskStateExited")[0]["output"] == '{"Error":"Broken","Cause":"it broke"}'


def test_a_catcher_keeps_the_input_beside_the_error_at_its_result_path() -> None:
    ran = execute(task(Catch=[{**CATCH[0], "ResultPath": "$.error"}]), {"a": 1}, {"Work": BROKEN})
    assert output_of(ran) == {"a": 1, "error": {"Error": "Broken", "Cause": "it broke"}}


def test_a_missing_cause_is_an_empty_text() -> None:
    ran = execute(task(Catch=[{"ErrorEquals": ["Other"], "Next": "Caught"}]), answers={"Work": OTHER})
    assert output_of(ran) == {"Error": "Other", "Cause": ""}


def test_a_catcher_of_jsonata_has_output_and_variables() -> None:
    catcher = {
        **CATCH[0],
        "Output": "{% $states.errorOutput.Cause %}",
        "Assign": {"why": "{% $states.errorOutput.Error %}"},
    }
    machine = task(Catch=[catcher])
    machine |= {"QueryLanguage": "JSONata"}
    machine["States"]["Caught"]["Output"] = "{% [$states.input, $why] %}"
    ran = execute(machine, answers={"Work": BROKEN})
    assert output_of(ran) == ["it broke", "Broken"]
    assert details_of(ran, "TaskStateExited")[0]["assignedVariables"] == {"why": '"Broken"'}


def test_a_catcher_comes_after_the_retries() -> None:
    ran = execute(
        task(Retry=[{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], Catch=CATCH), answers={"Work": BROKEN}
    )
    assert types(ran).count("TaskScheduled") == 2
    assert ran.status == "SUCCEEDED"


def test_an_error_in_the_catcher_itself_is_not_caught() -> None:
    catcher = {"ErrorEquals": ["States.ALL"], "Output": "{% $nothing %}", "Next": "Caught"}
    ran = execute({**task(Catch=[catcher]), "QueryLanguage": "JSONata"}, answers={"Work": BROKEN})
    assert (ran.status, ran.error) == ("FAILED", "States.QueryEvaluationError")
    assert details_of(ran, "EvaluationFailed")[0]["location"] == "Catch[0]/Output"


def test_an_output_that_cannot_be_evaluated_is_retried_and_caught() -> None:
    catch = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Caught"}]
    retry = [{"ErrorEquals": ["States.QueryEvaluationError"], "MaxAttempts": 1}]
    ran = execute({**task(Output="{% $nothing %}", Retry=retry, Catch=catch), "QueryLanguage": "JSONata"})
    assert ran.status == "SUCCEEDED"
    assert types(ran).count("TaskSucceeded") == 2
    assert chain(ran)[4:7] == [(5, 4, "TaskSucceeded"), (6, 5, "EvaluationFailed"), (7, 6, "TaskScheduled")]


def test_a_path_to_nothing_is_neither_retried_nor_caught() -> None:
    names = [{"ErrorEquals": ["States.Runtime"], "Next": "Caught"}, {"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    retry = [{"ErrorEquals": ["States.ALL"]}]
    ran = execute(task(ResultSelector={"v.$": "$.nothing"}, Retry=retry, Catch=names), answers={"Work": {"a": 1}})
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert types(ran).count("TaskScheduled") == 1
