"""The single paths of a state: what they find, and AWS's words, which differ by field."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.json_path_fields import list_at, number_at, path_or_nothing, text_at
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

DATA: dict[str, Any] = {
    "a": {"b": 1},
    "list": [1],
    "text": "t",
    "when": "2016-12-05T21:29:29Z",
    "n": 5,
    "f": 2.5,
    "zero": 0,
}
SCOPE = Scope(DATA, {"Execution": {"Input": {"x": [7]}}}, {"n": 3, "text": "v"})


@pytest.mark.parametrize(
    ("state", "value"),
    [
        ({}, DATA),
        ({"InputPath": "$"}, DATA),
        ({"InputPath": None}, {}),
        ({"InputPath": "$.a"}, {"b": 1}),
        ({"InputPath": "$.list[*]"}, [1]),
        ({"InputPath": "$$.Execution.Input"}, {"x": [7]}),
        ({"InputPath": "$n"}, 3),
    ],
)
def test_input_and_output_path_select(state: dict[str, Any], value: Any) -> None:
    assert path_or_nothing(state, "InputPath", DATA, SCOPE) == value


def test_an_input_that_is_null_is_only_selected_as_a_whole(failure: Any) -> None:
    assert path_or_nothing({"InputPath": "$"}, "InputPath", None, SCOPE) is None
    failed = failure(path_or_nothing, {"InputPath": "$.a"}, "InputPath", None, SCOPE)
    assert failed == ("States.Runtime", "Unable to apply Path transformation to null or empty input.", None)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$.NoSuchInputPath", "No results for path: $['NoSuchInputPath']"),
        ("$.no.x", "Missing property in path $['no']"),
        ("$.list[5]", "No results for path: $['list'][5]"),
        ("$unknown.x", "No results for path: $['unknown']"),
    ],
)
def test_input_path_to_nothing_fails(path: str, words: str, failure: Any) -> None:
    """Recorded: scenarios::test_invalid_jsonpath[ST.INVALID_JSONPATH_IN_INPUTPATH and …_OUTPUTPATH]."""
    failed = failure(path_or_nothing, {"InputPath": path}, "InputPath", DATA, SCOPE)
    assert failed == ("States.Runtime", f"Invalid path '{path}' : {words}", None)


@pytest.mark.parametrize(
    ("state", "member", "number"),
    [
        ({}, "Seconds", None),
        ({"Seconds": 4}, "Seconds", 4),
        ({"SecondsPath": "$.n"}, "Seconds", 5),
        ({"SecondsPath": "$n"}, "Seconds", 3),
        ({"SecondsPath": "$.zero"}, "Seconds", 0),
        ({"MaxConcurrencyPath": "$.zero"}, "MaxConcurrency", 0),
        ({"TimeoutSecondsPath": "$$.Execution.Input.x[0]"}, "TimeoutSeconds", 7),
        ({"ToleratedFailurePercentagePath": "$.f"}, "ToleratedFailurePercentage", 2.5),
    ],
)
def test_a_number_is_a_member_or_at_its_path(state: dict[str, Any], member: str, number: Any) -> None:
    assert number_at(state, member, DATA, SCOPE) == number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1, "references a negative value: $.s == -1"),
        (1.5, "cannot be parsed as a long value: $.s == 1.5"),
        (-1.5, "cannot be parsed as a long value: $.s == -1.5"),
        ("x", "cannot be parsed as a long value: $.s == x"),
        ("1", "cannot be parsed as a long value: $.s == 1"),
        (True, "cannot be parsed as a long value: $.s == true"),
        (None, "cannot be parsed as a long value: $.s == null"),
        ({"a": 1}, 'cannot be parsed as a long value: $.s == {"a":1}'),
    ],
)
@pytest.mark.parametrize("member", ["Seconds", "TimeoutSeconds", "HeartbeatSeconds"])
def test_what_is_no_natural_number_is_refused(member: str, value: Any, words: str, failure: Any) -> None:
    """Recorded: base::test_base_wait_seconds_path[-1], [1.5], [-1.5]."""
    failed = failure(number_at, {f"{member}Path": "$.s"}, member, {"s": value}, SCOPE)
    assert failed == ("States.Runtime", f"The {member}Path parameter {words}", None)


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("MaxConcurrency", "NoNumber", '"NoNumber" which is not a valid integer'),
        ("ToleratedFailureCount", {}, '"{}" which is not a valid integer'),
        ("ToleratedFailureCount", 1.5, '"1.5" which is not a valid integer'),
        ("ToleratedFailureCount", -1, "ToleratedFailureCount cannot be negative."),
        ("MaxConcurrency", -1, "MaxConcurrency cannot be negative."),
        ("ToleratedFailurePercentage", True, '"true" which is not a valid float'),
        ("ToleratedFailurePercentage", 100.5, "ToleratedFailurePercentage must be between 0 and 100."),
        ("ToleratedFailurePercentage", -1, "ToleratedFailurePercentage must be between 0 and 100."),
    ],
)
def test_a_number_of_a_map_is_refused_in_other_words(member: str, value: Any, words: str, failure: Any) -> None:
    """Recorded: scenarios::test_max_concurrency_path[NoNumber], tolerated_failure_count_path[NoNumber], [{}], [-1]."""
    if words.startswith('"'):
        words = f"The {member}Path field refers to value {words}: $.n"
    assert failure(number_at, {f"{member}Path": "$.n"}, member, {"n": value}, SCOPE) == ("States.Runtime", words, None)


def test_seconds_path_to_nothing_fails(failure: Any) -> None:
    failed = failure(number_at, {"SecondsPath": "$.no"}, "Seconds", DATA, SCOPE)
    assert failed == ("States.Runtime", "The SecondsPath parameter does not reference an input value: $.no", None)


@pytest.mark.parametrize("member", ["TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency", "ToleratedFailureCount"])
def test_the_path_of_another_number_to_nothing_fails(member: str, failure: Any) -> None:
    """Recorded: scenarios::test_invalid_jsonpath[…_IN_TIMEOUTSECONDSPATH and …_IN_HEARTBEATSECONDSPATH]."""
    failed = failure(number_at, {f"{member}Path": "$.NoSuch"}, member, DATA, SCOPE)
    assert failed == ("States.Runtime", "Invalid path '$.NoSuch' : No results for path: $['NoSuch']", None)


@pytest.mark.parametrize(
    ("state", "member", "text"),
    [
        ({}, "Error", None),
        ({"Error": "E"}, "Error", "E"),
        ({"ErrorPath": "$.text"}, "Error", "t"),
        ({"CausePath": "$text"}, "Cause", "v"),
        ({"CausePath": "States.Format('n={}', $.n)"}, "Cause", "n=5"),
        ({"TimestampPath": "$.when"}, "Timestamp", "2016-12-05T21:29:29Z"),
    ],
)
def test_a_text_is_a_member_or_at_its_path(state: dict[str, Any], member: str, text: Any) -> None:
    assert text_at(state, member, DATA, SCOPE) == text


@pytest.mark.parametrize("member", ["Error", "Cause"])
def test_error_and_cause_path_to_nothing_fail(member: str, failure: Any) -> None:
    """Recorded: scenarios::test_invalid_jsonpath[INVALID_JSONPATH_IN_ERRORPATH and …_CAUSEPATH]."""
    failed = failure(text_at, {f"{member}Path": "$.ErrorX"}, member, {"Error": "e"}, SCOPE)
    words = f"The JSONPath '$.ErrorX' specified for the field '{member}Path' could not be found in the input "
    assert failed == ("States.Runtime", words + '\'{"Error":"e"}\'', None)


def test_error_path_to_what_is_no_text_fails(failure: Any) -> None:
    failed = failure(text_at, {"ErrorPath": "$.n"}, "Error", DATA, SCOPE)
    assert failed == ("States.Runtime", "The ErrorPath parameter does not reference a string: $.n == 5", None)


@pytest.mark.parametrize("value", ["2016-12-05 21:29:29Z", "2016-12-05T21:29:29", "2016-13-05T21:29:29Z", 5])
def test_timestamp_path_to_what_is_no_timestamp_fails(value: Any, failure: Any) -> None:
    """Recorded: scenarios::test_wait_timestamp_path[NO_T, NO_Z, INVALID_DATE]."""
    failed = failure(text_at, {"TimestampPath": "$.t"}, "Timestamp", {"t": value}, SCOPE)
    words = (
        "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
        f"$.t == {value}"
    )
    assert failed == ("States.Runtime", words, None)


def test_timestamp_path_to_nothing_fails(failure: Any) -> None:
    failed = failure(text_at, {"TimestampPath": "$.no"}, "Timestamp", DATA, SCOPE)
    assert failed == ("States.Runtime", "The TimestampPath parameter does not reference an input value: $.no", None)


@pytest.mark.parametrize(
    ("state", "data", "items"),
    [
        ({}, [1, 2], [1, 2]),
        ({"ItemsPath": "$.list"}, DATA, [1]),
        ({"ItemsPath": "$$.Execution.Input.x"}, DATA, [7]),
        ({"ItemsPath": "$..b"}, DATA, [1]),
    ],
)
def test_items_path_finds_a_list(state: dict[str, Any], data: Any, items: Any) -> None:
    assert list_at(state, "ItemsPath", data, SCOPE) == items


@pytest.mark.parametrize(
    ("path", "step"),
    [("$.discovery.objects", "objects"), ("$.no.objects", "no"), ("$.discovery.text.x", "x"), ("$unknown", "$unknown")],
)
def test_items_path_to_nothing_fails(path: str, step: str, failure: Any) -> None:
    """As users report it of AWS: its own error, and no words about the state."""
    data = {"discovery": {"text": "t"}}
    words = f'Unable to apply step "{step}" to input {{"discovery":{{"text":"t"}}}}'
    assert failure(list_at, {"ItemsPath": path}, "ItemsPath", data, SCOPE) == (
        "States.ReferencePathConflict",
        words,
        None,
    )


def test_items_path_to_what_is_no_list_fails(failure: Any) -> None:
    failed = failure(list_at, {"ItemsPath": "$.a"}, "ItemsPath", DATA, SCOPE)
    assert failed == ("States.Runtime", 'Reference path "$.a" must point to array.', None)
