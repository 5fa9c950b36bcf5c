from __future__ import annotations

from typing import Any

import pytest

from tests.support.executions import chain, details_of, execute, history, machine_of, output_of, run_of, types
from tests.support.virtual_clock import VirtualClock

DONE = {"Type": "Succeed"}


def one(state: dict[str, Any], **members: Any) -> dict[str, Any]:
    return machine_of({"State": state}, **members)


@pytest.mark.parametrize(
    ("state", "output"),
    [
        ({}, {"a": 1}),
        ({"Result": {"b": 2}}, {"b": 2}),
        ({"Result": 2, "ResultPath": "$.b"}, {"a": 1, "b": 2}),
        ({"Parameters": {"b.$": "$.a"}}, {"b": 1}),
        ({"Parameters": {"b.$": "$.a"}, "ResultPath": "$.c"}, {"a": 1, "c": {"b": 1}}),
        ({"InputPath": "$.a"}, 1),
        ({"OutputPath": None}, {}),
        ({"QueryLanguage": "JSONata", "Output": "{% $states.input.a + 1 %}"}, 2),
        ({"QueryLanguage": "JSONata"}, {"a": 1}),
    ],
)
def test_a_pass_passes_its_input_its_result_or_its_parameters(state: dict[str, Any], output: Any) -> None:
    assert output_of(execute(one({"Type": "Pass", **state, "End": True}), {"a": 1})) == output


def rules(**state: Any) -> dict[str, Any]:
    choices = [
        {"Variable": "$.a", "NumericEquals": 1, "Next": "One"},
        {"Variable": "$.a", "IsNull": True, "Next": "Null"},
    ]
    others = {name: {"Type": "Pass", "Result": name, "End": True} for name in ("One", "Null", "Other")}
    return machine_of({"State": {"Type": "Choice", "Choices": choices, **state}, **others})


@pytest.mark.parametrize(("value", "chosen"), [(1, "One"), (None, "Null"), (2, "Other")])
def test_a_choice_goes_where_the_first_rule_that_matches_leads(value: Any, chosen: str) -> None:
    assert output_of(execute(rules(Default="Other"), {"a": value})) == chosen


def test_a_choice_without_a_rule_that_matches_and_without_default_fails() -> None:
    ran = execute(rules(), {"a": 2})
    assert (ran.status, ran.error) == ("FAILED", "States.NoChoiceMatched")
    assert ran.cause == (
        "An error occurred while executing the state 'State' (entered at the event id #2). Failed to transition out of"
        " the state. The state does not point to a next state."
    )
    assert types(ran)[1:] == ["ChoiceStateEntered", "ExecutionFailed"]


def test_a_choice_reads_its_input_path_and_passes_its_output_path() -> None:
    choice = {"Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "Done"}], "InputPath": "$.in"}
    machine = machine_of({"State": {"Type": "Choice", **choice, "OutputPath": "$.b"}, "Done": DONE})
    assert output_of(execute(machine, {"in": {"a": 1, "b": 2}})) == 2


def test_a_rule_of_jsonata_has_its_own_output_and_variables_and_the_state_those_of_its_default() -> None:
    rule = {"Condition": "{% $states.input.a = 1 %}", "Output": "rule", "Assign": {"by": "rule"}, "Next": "Done"}
    state = {"Type": "Choice", "Choices": [rule], "Default": "Done", "Output": "default", "Assign": {"by": "default"}}
    done = {"Type": "Succeed", "Output": "{% [$states.input, $by] %}"}
    machine = machine_of({"State": state, "Done": done}, QueryLanguage="JSONata")
    assert output_of(execute(machine, {"a": 1})) == ["rule", "rule"]
    assert output_of(execute(machine, {"a": 2})) == ["default", "default"]


def test_a_rule_of_jsonata_without_output_passes_the_input() -> None:
    rule = {"Condition": "{% true %}", "Next": "Done"}
    state = {"Type": "Choice", "Choices": [rule], "Default": "Done", "Output": "default"}
    machine = machine_of({"State": state, "Done": DONE}, QueryLanguage="JSONata")
    assert output_of(execute(machine, {"a": 1})) == {"a": 1}


def test_a_condition_that_is_no_boolean_fails_the_execution() -> None:
    state = {"Type": "Choice", "Choices": [{"Condition": "{% 1 %}", "Next": "Done"}], "Default": "Done"}
    ran = execute(machine_of({"State": state, "Done": DONE}, QueryLanguage="JSONata"))
    assert (ran.status, ran.error) == ("FAILED", "States.QueryEvaluationError")
    assert details_of(ran, "EvaluationFailed")[0]["location"] == "Choices[0]/Condition"


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        ({"Seconds": 90}, 90),
        ({"Seconds": 0}, 0),
        ({"SecondsPath": "$.s"}, 5),
        ({"Timestamp": "2026-01-01T01:00:00Z"}, 3600),
        ({"Timestamp": "2026-01-01T01:00:00.5+01:00"}, 0.5),
        ({"Timestamp": "2025-01-01T00:00:00Z"}, 0),
        ({"TimestampPath": "$.t"}, 60),
        ({"QueryLanguage": "JSONata", "Seconds": "{% $states.input.s * 2 %}"}, 10),
        ({"QueryLanguage": "JSONata", "Timestamp": "{% $states.input.t %}"}, 60),
    ],
)
def test_a_wait_waits_for_seconds_or_until_a_time(state: dict[str, Any], seconds: float) -> None:
    data = {"s": 5, "t": "2026-01-01T00:01:00Z"}
    ran = execute(one({"Type": "Wait", **state, "End": True}), data)
    assert output_of(ran) == data
    assert ran.stop_date == ran.start_date + seconds


@pytest.mark.parametrize("value", [-1, 1.5, "x", None])
def test_a_wait_for_what_is_no_number_of_seconds_fails_the_execution(value: Any) -> None:
    ran = execute(one({"Type": "Wait", "SecondsPath": "$.s", "End": True}), {"s": value})
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert types(ran)[1:] == ["WaitStateEntered", "ExecutionFailed"]


def test_days_of_waiting_take_no_time() -> None:
    states = {f"W{n}": {"Type": "Wait", "Seconds": 86_400, "Next": f"W{n + 1}"} for n in range(365)}
    clock = VirtualClock()
    run = run_of(machine_of({**states, "W365": DONE}), clock=clock)
    run.execute()
    assert clock.now().isoformat() == "2027-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "state",
    [
        {"Error": "E", "Cause": "c"},
        {"ErrorPath": "$.e", "CausePath": "$.c"},
        {"ErrorPath": "States.Format('{}', $.e)", "Cause": "c"},
        {"QueryLanguage": "JSONata", "Error": "{% $states.input.e %}", "Cause": "c"},
    ],
)
def test_a_fail_has_its_error_and_cause_from_text_a_path_or_an_expression(state: dict[str, Any]) -> None:
    ran = execute(one({"Type": "Fail", **state}), {"e": "E", "c": "c"})
    assert history(ran)[-1] == (3, 2, "ExecutionFailed", {"error": "E", "cause": "c"})


def test_a_fail_whose_cause_leads_to_nothing_fails_with_states_runtime() -> None:
    ran = execute(one({"Type": "Fail", "Error": "E", "CausePath": "$.nothing"}))
    assert ran.error == "States.Runtime"
    assert ran.cause is not None
    assert ran.cause.startswith("An error occurred while executing the state 'State' (entered at the event id #2). ")


def test_a_succeed_selects_its_output() -> None:
    ran = execute(one({"Type": "Succeed", "OutputPath": "$.a"}), {"a": 1})
    assert output_of(ran) == 1
    assert chain(ran) == [
        (1, 0, "ExecutionStarted"),
        (2, 0, "SucceedStateEntered"),
        (3, 2, "SucceedStateExited"),
        (4, 3, "ExecutionSucceeded"),
    ]
