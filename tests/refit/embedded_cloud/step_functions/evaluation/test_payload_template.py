"""Payload templates: members in `.$` are filled from paths and intrinsic functions."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.payload_template import fill
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

DATA = {"a": {"b": 1}, "list": [1, 2], "none": None, "text": "$.a"}
SCOPE = Scope(DATA, {"Execution": {"Id": "arn:one"}}, {"v": {"w": 3}})


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ({}, {}),
        ({"x": "$.a", "y": 1, "z": None}, {"x": "$.a", "y": 1, "z": None}),
        ({"x.$": "$.a.b"}, {"x": 1}),
        ({"x.$": "$"}, {"x": DATA}),
        ({"x.$": "$.none"}, {"x": None}),
        ({"x.$": "$.text"}, {"x": "$.a"}),
        ({"x.$": "$$.Execution.Id"}, {"x": "arn:one"}),
        ({"x.$": "$v.w"}, {"x": 3}),
        ({"x.$": "States.Format('{}!', $.a.b)"}, {"x": "1!"}),
        ({"o": {"p": {"q.$": "$.a.b"}}}, {"o": {"p": {"q": 1}}}),
        ({"o": [{"q.$": "$.a.b"}, "$.a", [{"r.$": "$.list[1]"}]]}, {"o": [{"q": 1}, "$.a", [{"r": 2}]]}),
        ({"x.$": "$.list[?(@ > 1)]"}, {"x": [2]}),
        ({"x.$": "$.list[9]"}, {"x": None}),
        ([{"q.$": "$.a.b"}], [{"q": 1}]),
        ("$.a", "$.a"),
    ],
)
def test_a_template_is_filled(template: Any, filled: Any) -> None:
    assert fill(template, DATA, SCOPE) == filled


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (
            {"value.$": "$.no"},
            "The JSONPath '$.no' specified for the field 'value.$' could not be found in the input '{}'",
        ),
        (
            {"o": [{"q.$": "$.no.x"}]},
            "The JSONPath '$.no.x' specified for the field 'q.$' could not be found in the input '{}'",
        ),
        (
            {"v.$": "$$.Task.Token"},
            "The JSONPath '$$.Task.Token' specified for the field 'v.$' could not be found in the input "
            '\'{"Execution":{"Id":"arn:one"}}\'',
        ),
        ({"v.$": "$no"}, "The JSONPath '$no' specified for the field 'v.$' could not be found in the input '{}'"),
        ({"v.$": "$no.x"}, "The JSONPath '$no.x' specified for the field 'v.$' could not be found in the input '{}'"),
        ({"v.$": "$v.x"}, "The JSONPath '$v.x' specified for the field 'v.$' could not be found in the input '{}'"),
    ],
)
def test_a_path_to_nothing_fails_in_the_words_of_aws(template: Any, words: str, failure: Any) -> None:
    """Recorded: scenarios::test_invalid_jsonpath[INVALID_JSONPATH_IN_STRING_EXPR_JSONPATH and …_CONTEXTPATH]."""
    assert failure(fill, template, {}, SCOPE) == ("States.Runtime", words, None)


@pytest.mark.parametrize("source", ["no path", 1, "$.a[", "{% $x %}"])
def test_a_member_that_is_neither_path_nor_function_fails(source: Any, failure: Any) -> None:
    words = "The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic function call"
    assert failure(fill, {"v.$": source}, {}, SCOPE) == ("States.Runtime", words, None)


def test_a_name_in_brackets_is_taken_as_it_is_written() -> None:
    """Recorded: scenarios::test_escape_sequence_parsing[ESCAPE_SEQUENCES_JSONPATH]."""
    data = {'Test\\""Name"': 'Value"\\'}
    assert fill({"value.$": '$[\'Test\\""Name"\']'}, data, SCOPE) == {"value": 'Value"\\'}


def test_a_dot_may_stand_before_a_bracket() -> None:
    """Recorded: base::test_state_pass_regex_json_path."""
    data = [{"year": 1997, "name": "a"}, {"year": 1999, "name": "b"}]
    assert fill({"v.$": "States.JsonToString($.[?(@.year <= 1998)])"}, data, SCOPE) == {
        "v": '[{"year":1997,"name":"a"}]'
    }
    assert fill({"v.$": "$.[?(@.year < 1999)].name"}, data, SCOPE) == {"v": ["a"]}


@pytest.mark.parametrize("path", ["$", "$.a"])
def test_a_path_cannot_read_an_input_that_is_null(path: str, failure: Any) -> None:
    """As a user reports it of AWS, for `"Input.$": "$"` after a function that returned null."""
    words = "Unable to apply Path transformation to null or empty input."
    assert failure(fill, {"Input.$": path}, None, SCOPE) == ("States.Runtime", words, None)


def test_the_context_object_and_variables_can_be_read_when_the_input_is_null() -> None:
    template = {"a.$": "$$.Execution.Id", "b.$": "$v.w", "c": 1}
    assert fill(template, None, SCOPE) == {"a": "arn:one", "b": 3, "c": 1}


def test_an_index_past_the_end_is_only_null_at_the_end_of_a_path(failure: Any) -> None:
    assert fill({"v.$": "$.list[2]"}, DATA, SCOPE) == {"v": None}
    error, cause, _ = failure(fill, {"v.$": "$.list[2].x"}, DATA, SCOPE)
    assert error == "States.Runtime"
    assert cause.startswith("The JSONPath '$.list[2].x' specified for the field 'v.$' could not be found")
