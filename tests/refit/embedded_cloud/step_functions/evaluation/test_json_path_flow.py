"""The data flow of JSONPath states, from InputPath to OutputPath."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.json_path_flow import JsonPathFlow
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

FLOW = JsonPathFlow()
INPUT: dict[str, Any] = {"scoped": {"value": 1}, "outside": 9}
SCOPE = Scope(INPUT, {"Execution": {"Name": "one"}}, {"v": 3})


@pytest.mark.parametrize(
    ("state", "arguments"),
    [
        ({}, INPUT),
        ({"InputPath": "$.scoped"}, {"value": 1}),
        ({"InputPath": None}, {}),
        ({"Parameters": {"x.$": "$.outside", "y": None}}, {"x": 9, "y": None}),
        ({"InputPath": "$.scoped", "Parameters": {"x.$": "$.value", "n.$": "$$.Execution.Name"}}, {"x": 1, "n": "one"}),
    ],
)
def test_arguments_are_parameters_on_the_effective_input(state: dict[str, Any], arguments: Any) -> None:
    assert FLOW.arguments(state, SCOPE) == arguments


@pytest.mark.parametrize(
    ("state", "output"),
    [
        ({}, {"r": [1, 2]}),
        ({"ResultPath": "$"}, {"r": [1, 2]}),
        ({"ResultPath": None}, INPUT),
        ({"ResultPath": "$.result"}, {**INPUT, "result": {"r": [1, 2]}}),
        ({"ResultSelector": {"first.$": "$.r[0]"}}, {"first": 1}),
        (
            {"ResultSelector": {"first.$": "$.r[0]"}, "ResultPath": "$.scoped.x"},
            {**INPUT, "scoped": {"value": 1, "x": {"first": 1}}},
        ),
        ({"OutputPath": "$.r"}, [1, 2]),
        ({"OutputPath": None}, {}),
        ({"ResultPath": "$.result", "OutputPath": "$.result.r[1]"}, 2),
        ({"InputPath": "$.scoped", "ResultPath": "$.result"}, {**INPUT, "result": {"r": [1, 2]}}),
        ({"OutputPath": "$v"}, 3),
    ],
)
def test_the_result_becomes_the_output(state: dict[str, Any], output: Any) -> None:
    assert FLOW.output(state, replace(SCOPE, result={"r": [1, 2]})) == output


def test_null_is_a_result() -> None:
    assert FLOW.output({}, replace(SCOPE, result=None)) is None
    assert FLOW.output({"ResultPath": "$.r"}, replace(SCOPE, result=None)) == {**INPUT, "r": None}


@pytest.mark.parametrize(
    ("state", "output"),
    [
        ({}, INPUT),
        ({"InputPath": "$.scoped"}, {"value": 1}),
        ({"InputPath": "$.scoped", "OutputPath": "$.value"}, 1),
        ({"OutputPath": None}, {}),
    ],
)
def test_without_a_result_the_effective_input_is_passed_on(state: dict[str, Any], output: Any) -> None:
    assert FLOW.output(state, SCOPE) == output


def test_a_result_selector_that_finds_nothing_fails(failure: Any) -> None:
    words = "The JSONPath '$.no' specified for the field 'v.$' could not be found in the input '{\"r\":1}'"
    failed = failure(FLOW.output, {"ResultSelector": {"v.$": "$.no"}}, replace(SCOPE, result={"r": 1}))
    assert failed == ("States.Runtime", words, None)


def test_an_output_path_that_finds_nothing_fails(failure: Any) -> None:
    failed = failure(FLOW.output, {"OutputPath": "$.NoSuchOutputPath"}, replace(SCOPE, result={}))
    words = "Invalid path '$.NoSuchOutputPath' : No results for path: $['NoSuchOutputPath']"
    assert failed == ("States.Runtime", words, None)


def test_assign_reads_the_result_and_the_variables_before() -> None:
    """Recorded: assign::test_assign_from_value and test_state_assign_evaluation_order."""
    state = {"Assign": {"v.$": "$.answer", "old.$": "$v", "fixed": [None], "same.$": "$$.Execution.Name"}}
    assigned = FLOW.assigned(state, replace(SCOPE, result={"answer": 42}))
    assert assigned == {"v": 42, "old": 3, "fixed": [None], "same": "one"}
    assert SCOPE.variables == {"v": 3}


def test_assign_reads_the_selected_result() -> None:
    state = {"ResultSelector": {"x.$": "$.a.b"}, "Assign": {"v.$": "$.x"}}
    assert FLOW.assigned(state, replace(SCOPE, result={"a": {"b": 1}})) == {"v": 1}


def test_assign_of_a_state_without_a_result_reads_the_effective_input() -> None:
    assert FLOW.assigned({"InputPath": "$.scoped", "Assign": {"v.$": "$.value"}}, SCOPE) == {"v": 1}


def test_assign_of_a_catcher_reads_the_error() -> None:
    caught = replace(SCOPE, error_output={"Error": "E", "Cause": "c"})
    assert FLOW.assigned({"Assign": {"e.$": "$.Error"}}, caught) == {"e": "E"}


def test_nothing_is_assigned_without_assign() -> None:
    assert FLOW.assigned({}, SCOPE) == {}


@pytest.mark.parametrize(
    ("catcher", "after"),
    [
        ({}, {"Error": "E"}),
        ({"ResultPath": "$"}, {"Error": "E"}),
        ({"ResultPath": "$.error"}, {**INPUT, "error": {"Error": "E"}}),
        ({"ResultPath": None}, INPUT),
    ],
)
def test_a_caught_error_is_put_at_the_catchers_result_path(catcher: dict[str, Any], after: Any) -> None:
    caught = FLOW.caught({"ResultPath": "$.elsewhere"}, catcher, replace(SCOPE, error_output={"Error": "E"}))
    assert caught == after


def test_a_catcher_whose_path_does_not_fit_fails(failure: Any) -> None:
    scope = Scope("text", {}, {}, error_output={"Error": "E"})
    failed = failure(FLOW.caught, {}, {"ResultPath": "$.error"}, scope)
    words = 'Unable to apply ReferencePath $.error to input "text"'
    assert failed == ("States.ResultPathMatchFailure", words, None)


def test_fields_read_the_effective_input() -> None:
    scope = Scope({"in": {"s": 5, "e": "E", "items": [1]}}, {}, {})
    state = {"InputPath": "$.in", "SecondsPath": "$.s", "ErrorPath": "$.e", "ItemsPath": "$.items"}
    assert (FLOW.number(state, "Seconds", scope), FLOW.text(state, "Error", scope)) == (5, "E")
    assert FLOW.items(state, scope) == [1]


@pytest.mark.parametrize("member", ["ItemSelector", "Parameters"])
def test_an_item_selector_reads_the_map_states_input_and_the_item(member: str) -> None:
    selector = {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "o.$": "$.value", "n.$": "$$.Execution.Name"}
    state = {"InputPath": "$.scoped", member: selector}
    assert FLOW.item_input(state, SCOPE, 1, "x") == {"i": 1, "v": "x", "o": 1, "n": "one"}
    assert "Map" not in SCOPE.context


def test_an_item_without_a_selector_is_its_own_input() -> None:
    assert FLOW.item_input({}, SCOPE, 0, {"a": 1}) == {"a": 1}


@pytest.mark.parametrize(
    ("method", "state", "arguments"),
    [
        ("effective_input", {"InputPath": "$unknown"}, [SCOPE]),
        ("arguments", {"Parameters": {"v.$": "$unknown"}}, [SCOPE]),
        ("output", {"OutputPath": "$unknown"}, [SCOPE]),
        ("output", {"ResultSelector": {"v.$": "$unknown"}}, [replace(SCOPE, result={})]),
        ("assigned", {"Assign": {"v.$": "States.Array($unknown)"}}, [SCOPE]),
        ("matches", {"Variable": "$unknown", "StringEquals": "x"}, [SCOPE]),
        ("number", {"SecondsPath": "$unknown"}, ["Seconds", SCOPE]),
        ("text", {"ErrorPath": "$unknown"}, ["Error", SCOPE]),
        ("items", {"ItemsPath": "$unknown"}, [SCOPE]),
        ("item_input", {"ItemSelector": {"v.$": "$unknown"}}, [SCOPE, 0, 1]),
    ],
)
def test_an_unknown_variable_fails_everywhere(method: str, state: Any, arguments: list[Any], failure: Any) -> None:
    error, cause, _ = failure(getattr(FLOW, method), state, *arguments)
    assert error == ("States.ReferencePathConflict" if method == "items" else "States.Runtime")
    assert "unknown" in cause
