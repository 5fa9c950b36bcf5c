"""The single fields of JSONata states and the items of a Map: numbers, texts, lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.jsonata_flow import JsonataFlow
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

FLOW = JsonataFlow()
INPUT: dict[str, Any] = {"list": [1, 2], "when": "2016-12-05T21:29:29Z"}
SCOPE = Scope(INPUT, {}, {"v": 3})
ERROR = "States.QueryEvaluationError"


@pytest.mark.parametrize(
    ("state", "member", "number"),
    [
        ({}, "Seconds", None),
        ({"Seconds": 4}, "Seconds", 4),
        ({"Seconds": "{% $v * 2 %}"}, "Seconds", 6),
        ({"TimeoutSeconds": "{% 4 / 2 %}"}, "TimeoutSeconds", 2),
        ({"ToleratedFailurePercentage": "{% 2.5 %}"}, "ToleratedFailurePercentage", 2.5),
    ],
)
def test_a_number_is_a_number(state: dict[str, Any], member: str, number: Any) -> None:
    assert FLOW.number(state, member, SCOPE) == number


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("-1", "Seconds cannot be negative."),
        ("1.5", "The Seconds field must be an integer but was: 1.5"),
    ],
)
def test_a_number_that_is_no_natural_number_fails(source: str, words: str, failure: Any) -> None:
    assert failure(FLOW.number, {"Seconds": f"{{% {source} %}}"}, "Seconds", SCOPE) == (ERROR, words, "Seconds")


@pytest.mark.parametrize("value", ["{% true %}", True])
def test_a_boolean_is_no_number(value: Any, failure: Any) -> None:
    error, cause, place = failure(FLOW.number, {"Seconds": value}, "Seconds", SCOPE)
    assert (error, place) == (ERROR, "Seconds")
    assert cause.endswith("Expected 'number', but was 'boolean' for value: true")


@pytest.mark.parametrize(("member", "wanted"), [("Seconds", "number"), ("Error", "string")])
def test_a_value_of_another_type_fails(member: str, wanted: str, failure: Any) -> None:
    method = FLOW.number if wanted == "number" else FLOW.text
    failed = failure(method, {member: "{% $states.input.list %}"}, member, SCOPE)
    words = f"returned an unexpected result type. Expected '{wanted}', but was 'array' for value: [1,2]"
    cause = f"The JSONata expression '$states.input.list' specified for the field '{member}' {words}"
    assert failed == (ERROR, cause, member)


def test_a_text_is_a_text() -> None:
    assert FLOW.text({}, "Error", SCOPE) is None
    assert FLOW.text({"Error": "E"}, "Error", SCOPE) == "E"
    assert FLOW.text({"Cause": "{% 'v is ' & $v %}"}, "Cause", SCOPE) == "v is 3"
    assert FLOW.text({"Timestamp": "{% $states.input.when %}"}, "Timestamp", SCOPE) == INPUT["when"]


@pytest.mark.parametrize("text", ["2016-12-05 21:29:29Z", "2016-12-05T21:29:29", "05-12-2016T21:29:29Z"])
def test_a_timestamp_that_is_none_fails(text: str, failure: Any) -> None:
    """Recorded: scenarios::test_wait_timestamp_jsonata[NO_T, NO_Z, INVALID_ISO]."""
    scope = replace(SCOPE, input={"TimestampValue": text})
    failed = failure(FLOW.text, {"Timestamp": "{% $states.input.TimestampValue %}"}, "Timestamp", scope)
    words = f"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}"
    assert failed == (ERROR, words, "Timestamp")


@pytest.mark.parametrize(
    ("state", "items"),
    [
        ({"Items": "{% $states.input.list %}"}, [1, 2]),
        ({"Items": [1, "{% $v %}"]}, [1, 3]),
        ({"Items": "{% $states.input.list[[1]] %}"}, None),
    ],
)
def test_items_are_a_list(state: dict[str, Any], items: Any, failure: Any) -> None:
    if items is None:  # a sequence of one is its element
        words = "Map state input must be an array but was: 2"
        assert failure(FLOW.items, state, SCOPE) == (ERROR, words, "Items")
    else:
        assert FLOW.items(state, SCOPE) == items


@pytest.mark.parametrize(
    ("value", "shown"), [(1, "1"), ("string", '"string"'), ({"foo": "bar"}, '{"foo":"bar"}'), (None, "null")]
)
def test_an_input_that_is_no_list_has_no_items(value: Any, shown: str, failure: Any) -> None:
    """Recorded: scenarios::test_map_state_items_input_types, where AWS names no location."""
    words = f"Map state input must be an array but was: {shown}"
    assert failure(FLOW.items, {}, replace(SCOPE, input=value)) == (ERROR, words, None)


def test_an_item_selector_reads_the_item_in_the_context_object() -> None:
    selector = {
        "i": "{% $states.context.Map.Item.Index %}",
        "v": "{% $states.context.Map.Item.Value %}",
        "a": "{% $v %}",
    }
    assert FLOW.item_input({"ItemSelector": selector}, SCOPE, 1, {"x": None}) == {"i": 1, "v": {"x": None}, "a": 3}
    assert FLOW.item_input({}, SCOPE, 1, None) is None
