"""Variables and the context object: what the states of a walk read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.executions import (
    EXECUTION_ARN,
    INVOKE,
    MACHINE_ARN,
    ROLE_ARN,
    chain,
    details_of,
    execute,
    history,
    machine_of,
    output_of,
)
from tests.support.virtual_clock import VirtualClock


def test_the_context_object_is_that_of_aws() -> None:
    """LocalStack's recording test_base::test_query_context_object_values."""
    machine = machine_of(
        {
            "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Read"},
            "Read": {"Type": "Pass", "Parameters": {"context.$": "$$"}, "End": True},
        }
    )
    clock = VirtualClock(datetime(2026, 11, 30, 12, 0, 0, 250_000, tzinfo=UTC))
    context = output_of(execute(machine, {"a": 1}, clock=clock))["context"]
    assert context == {
        "Execution": {
            "Id": EXECUTION_ARN,
            "Input": {"a": 1},
            "StartTime": "2026-11-30T12:00:00.250Z",
            "Name": "e",
            "RoleArn": ROLE_ARN,
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": MACHINE_ARN, "Name": "m"},
        "State": {"Name": "Read", "EnteredTime": "2026-11-30T12:01:00.250Z"},
    }


@pytest.mark.parametrize("kind", ["Task", "Parallel", "Map"])
def test_states_that_are_retried_have_a_retry_count(kind: str) -> None:
    inner = machine_of({"Inner": {"Type": "Succeed"}})
    own = {"Task": {"Resource": INVOKE}, "Parallel": {"Branches": [inner]}, "Map": {"ItemProcessor": inner}}[kind]
    machine = machine_of({"State": {"Type": kind, **own, "ResultPath": "$.r", "OutputPath": "$$.State", "End": True}})
    if kind == "Map":
        machine["States"]["State"]["ItemsPath"] = "$.items"
    read = output_of(execute(machine, {"items": []}))
    assert read == {"Name": "State", "EnteredTime": "2026-01-01T00:00:00.000Z", "RetryCount": 0}


def test_variables_are_assigned_when_a_state_exits() -> None:
    """LocalStack's recording test_assign_base::test_base_cases[BASE_VAR]."""
    states = {
        "First": {"Type": "Pass", "Assign": {"a": 1, "text": "t"}, "Next": "Second"},
        "Second": {"Type": "Pass", "Assign": {"a": 2, "b.$": "$a"}, "Next": "Third"},
        "Third": {"Type": "Pass", "Parameters": {"a.$": "$a", "b.$": "$b", "text.$": "$text"}, "End": True},
    }
    ran = execute(machine_of(states))
    assert output_of(ran) == {"a": 2, "b": 1, "text": "t"}
    first, second, third = details_of(ran, "PassStateExited")
    assert first["assignedVariables"] == {"a": "1", "text": '"t"'}
    assert first["assignedVariablesDetails"] == {"truncated": False}
    assert second["assignedVariables"] == {"a": "2", "b": "1"}
    assert "assignedVariables" not in third


def test_the_variables_of_one_state_have_256_kib_at_most() -> None:
    ran = execute(
        machine_of({"State": {"Type": "Pass", "Assign": {"a.$": "$", "b.$": "$"}, "End": True}}), "x" * 140_000
    )
    assert (ran.status, ran.error) == ("FAILED", "States.DataLimitExceeded")


def undefined(**state: Any) -> dict[str, Any]:
    states = {"Before": {"Type": "Pass", "Next": "State"}, "State": {"Type": "Pass", **state, "End": True}}
    return machine_of(states, QueryLanguage="JSONata")


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ({"Output": "{% $doesNotExist %}"}, "Output"),
        ({"Output": {"result": "{% $doesNotExist %}"}}, "Output/result"),
        ({"Assign": {"result": "{% $doesNotExist %}"}}, "Assign/result"),
    ],
)
def test_an_expression_that_yields_nothing_fails_as_on_aws(state: dict[str, Any], location: str) -> None:
    """LocalStack's recording test_assign_reference_variables::test_undefined_reference."""
    ran = execute(undefined(**state))
    cause = (
        "An error occurred while executing the state 'State' (entered at the event id #4). The JSONata expression"
        f" '$doesNotExist' specified for the field '{location}' returned nothing (undefined)."
    )
    about = {"error": "States.QueryEvaluationError", "cause": cause}
    assert history(ran)[4:] == [
        (5, 3, "EvaluationFailed", {**about, "location": location, "state": "State"}),
        (6, 5, "ExecutionFailed", about),
    ]


@pytest.mark.parametrize(
    "state",
    [
        {"InputPath": "$.nothing"},
        {"OutputPath": "$.nothing"},
        {"Parameters": {"v.$": "$.nothing"}},
        {"Parameters": {"v.$": "$$.nothing"}},
        {"Parameters": {"v.$": "$nothing"}},
        {"Assign": {"v.$": "$nothing"}},
    ],
    ids=str,
)
def test_a_path_to_nothing_ends_the_execution(state: dict[str, Any]) -> None:
    ran = execute(machine_of({"State": {"Type": "Pass", **state, "End": True}}), {"a": 1})
    assert (ran.status, ran.output, ran.error) == ("FAILED", None, "States.Runtime")
    assert ran.cause is not None
    assert ran.cause.startswith("An error occurred while executing the state 'State' (entered at the event id #2). ")
    assert chain(ran)[1:] == [(2, 0, "PassStateEntered"), (3, 2, "ExecutionFailed")]
