"""The data flow of JSONata states. Recorded words: LocalStack's assign::test_undefined_reference and scenarios."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.jsonata_flow import JsonataFlow
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

FLOW = JsonataFlow()
INPUT: dict[str, Any] = {"a": 1, "none": None, "list": [1, 2]}
SCOPE = Scope(INPUT, {"Execution": {"Name": "one"}}, {"v": 3})
CAUGHT = replace(SCOPE, error_output={"Error": "E", "Cause": "c"})
ERROR = "States.QueryEvaluationError"


def test_the_effective_input_is_the_input() -> None:
    assert FLOW.effective_input({}, SCOPE) is INPUT


@pytest.mark.parametrize(
    ("state", "arguments"),
    [
        ({}, INPUT),
        ({"Arguments": {"x": "{% $states.input.a %}", "y": ["{% $v %}", "$v", None]}}, {"x": 1, "y": [3, "$v", None]}),
        ({"Arguments": "{% $states.context.Execution %}"}, {"Name": "one"}),
        ({"Arguments": {}}, {}),
        ({"Arguments": {"x.$": "$.a"}}, {"x.$": "$.a"}),
    ],
)
def test_arguments_are_filled(state: dict[str, Any], arguments: Any) -> None:
    assert FLOW.arguments(state, SCOPE) == arguments


def test_without_output_a_state_passes_its_result_on_or_else_its_input() -> None:
    assert FLOW.output({}, replace(SCOPE, result={"r": 1})) == {"r": 1}
    assert FLOW.output({}, replace(SCOPE, result=None)) is None
    assert FLOW.output({}, SCOPE) == INPUT


def test_output_reads_the_result_and_the_input() -> None:
    output = {"r": "{% $states.result.x %}", "i": "{% $states.input.none %}", "l": " {% $v %} "}
    assert FLOW.output({"Output": output}, replace(SCOPE, result={"x": 7})) == {"r": 7, "i": None, "l": " {% $v %} "}


def test_assign_sees_the_variables_before() -> None:
    state = {"Assign": {"v": "{% $v + 1 %}", "w": "{% $v %}", "r": "{% $states.result %}"}}
    assert FLOW.assigned(state, replace(SCOPE, result=[])) == {"v": 4, "w": 3, "r": []}


def test_assign_may_be_an_expression() -> None:
    assert FLOW.assigned({"Assign": "{% {'w': $v, 'ä_1': null} %}"}, SCOPE) == {"w": 3, "ä_1": None}


def test_an_assign_that_is_no_object_fails(failure: Any) -> None:
    words = "returned an unexpected result type. Expected 'object', but was 'number' for value: 3"
    cause = f"The JSONata expression '$v' specified for the field 'Assign' {words}"
    assert failure(FLOW.assigned, {"Assign": "{% $v %}"}, SCOPE) == (ERROR, cause, "Assign")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("states", "Cannot assign to reserved variable '$states'."),
        *((name, "the variable name contains invalid characters.") for name in ("a-b", "1a", "", "a.b", "$x", "_a")),
        ("x" * 81, "the variable name exceeds the 80-character limit."),
    ],
)
def test_an_assign_to_what_is_no_name_fails(name: str, words: str, failure: Any) -> None:
    failed = failure(FLOW.assigned, {"Assign": f"{{% {{'{name}': 1}} %}}"}, SCOPE, place="Choices[0]")
    words = words if name == "states" else f"Invalid variable name '{name}': {words}"
    assert failed == (ERROR, words, "Choices[0]/Assign")


def test_a_catcher_without_output_passes_the_error_on() -> None:
    """Recorded: states_variables::test_catch_error_variable_sampling."""
    assert FLOW.caught({"Output": "{% $nope %}"}, {}, CAUGHT) == {"Error": "E", "Cause": "c"}


def test_a_catchers_output_reads_the_error() -> None:
    catcher = {"Output": {"e": "{% $states.errorOutput.Error %}", "i": "{% $states.input.a %}"}}
    assert FLOW.caught({}, catcher, CAUGHT) == {"e": "E", "i": 1}
    assert FLOW.assigned({"Assign": {"e": "{% $states.errorOutput %}"}}, CAUGHT) == {"e": CAUGHT.error_output}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [("{% $states.input.a = 1 %}", True), ("{% $v > 3 %}", False), ("{% true %}", True), (True, True), (False, False)],
)
def test_a_condition_is_a_boolean(condition: Any, answer: bool) -> None:
    assert FLOW.matches({"Condition": condition}, SCOPE) is answer


@pytest.mark.parametrize(
    ("source", "kind", "shown"),
    [
        ("1", "number", "1"),
        ("'true'", "string", '"true"'),
        ("null", "null", "null"),
        ("[true]", "array", "[true]"),
        ("{}", "object", "{}"),
        ("$states.input.list[0]", "number", "1"),
    ],
)
def test_a_condition_of_another_type_fails(source: str, kind: str, shown: str, failure: Any) -> None:
    failed = failure(FLOW.matches, {"Condition": f"{{% {source} %}}"}, SCOPE, place="Choices[1]")
    place = "Choices[1]/Condition"
    words = f"returned an unexpected result type. Expected 'boolean', but was '{kind}' for value: {shown}"
    assert failed == (ERROR, f"The JSONata expression '{source}' specified for the field '{place}' {words}", place)


NOTHING = "{% $doesNotExist %}"


@pytest.mark.parametrize(
    ("method", "arguments", "place"),
    [
        ("output", [{"Output": NOTHING}, SCOPE], "Output"),
        ("output", [{"Output": {"result": NOTHING}}, SCOPE], "Output/result"),
        ("output", [{"Output": {"a": {"b": [0, [1, NOTHING]]}}}, SCOPE], "Output/a/b[1][1]"),
        ("assigned", [{"Assign": {"result": NOTHING}}, SCOPE], "Assign/result"),
        ("arguments", [{"Arguments": NOTHING}, SCOPE], "Arguments"),
        ("arguments", [{"Arguments": {"FunctionName": NOTHING}}, SCOPE], "Arguments/FunctionName"),
        ("matches", [{"Condition": NOTHING}, SCOPE, "Choices[0]"], "Choices[0]/Condition"),
        ("assigned", [{"Assign": {"x": NOTHING}}, SCOPE, "Choices[2]"], "Choices[2]/Assign/x"),
        ("output", [{"Output": {"v": NOTHING}}, SCOPE, "Choices[2]"], "Choices[2]/Output/v"),
        ("caught", [{}, {"Output": {"v": NOTHING}}, CAUGHT, "Catch[1]"], "Catch[1]/Output/v"),
        ("number", [{"Seconds": NOTHING}, "Seconds", SCOPE], "Seconds"),
        ("number", [{"TimeoutSeconds": NOTHING}, "TimeoutSeconds", SCOPE], "TimeoutSeconds"),
        ("number", [{"MaxConcurrency": NOTHING}, "MaxConcurrency", SCOPE], "MaxConcurrency"),
        ("text", [{"Error": NOTHING}, "Error", SCOPE], "Error"),
        ("text", [{"Timestamp": NOTHING}, "Timestamp", SCOPE], "Timestamp"),
        ("items", [{"Items": NOTHING}, SCOPE], "Items"),
        ("items", [{"Items": [1, NOTHING]}, SCOPE], "Items[1]"),
        ("item_input", [{"ItemSelector": {"x": NOTHING}}, SCOPE, 0, 1], "ItemSelector/x"),
    ],
)
def test_an_undefined_expression_fails_everywhere(method: str, arguments: list[Any], place: str, failure: Any) -> None:
    words = f"The JSONata expression '$doesNotExist' specified for the field '{place}' returned nothing (undefined)."
    assert failure(getattr(FLOW, method), *arguments) == (ERROR, words, place)


def test_an_expression_that_fails_says_what_jsonata_says(failure: Any) -> None:
    words = 'T2002: The right side of the "+" operator must evaluate to a number'
    cause = (
        f"The JSONata expression '1 + 'a'' specified for the field 'Output' threw an error during evaluation. {words}"
    )
    assert failure(FLOW.output, {"Output": "{% 1 + 'a' %}"}, SCOPE) == (ERROR, cause, "Output")


def test_a_function_is_no_result(failure: Any) -> None:
    cause = "The JSONata expression '$sum' specified for the field 'Output' returned an unsupported result type."
    assert failure(FLOW.output, {"Output": "{% $sum %}"}, SCOPE) == (ERROR, cause, "Output")


def test_a_variable_named_states_does_not_hide_the_reserved_one() -> None:
    assert FLOW.output({"Output": "{% $states.input.a %}"}, replace(SCOPE, variables={"states": 0})) == 1


def test_what_a_state_does_not_have_is_undefined(failure: Any) -> None:
    for member in ("result", "errorOutput"):
        _, cause, _ = failure(FLOW.output, {"Output": f"{{% $states.{member} %}}"}, SCOPE)
        assert cause.endswith("returned nothing (undefined).")
