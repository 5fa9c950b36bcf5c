"""What the value of a field must be.

Ranges and words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-numeric-ranges, pf-sfn-asl-wait-timing,
pf-sfn-asl-jsonpath-syntax, pf-sfn-asl-path-exclusive.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.definition import check
from tests.support.state_machines import PASS, machine, only_one_of, refusals, schema, single, without

WHOLE = "Expected value of type Integer"
TEXT = "Expected value of type [STRING]"
OBJECT = "Expected value of type [OBJECT]"
ARRAY = "Expected value of type [ARRAY]"
PATH = "Value must be a valid JSONPath."
REFERENCE = "Value is not a Reference Path"


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [
        ("Task", "TimeoutSeconds", 1, None),
        ("Task", "TimeoutSeconds", 99999999, None),
        ("Task", "TimeoutSeconds", 100000000, "Maximum value is 99999999"),
        ("Task", "TimeoutSeconds", -1, "Minimum value is 1"),
        ("Task", "TimeoutSeconds", 1.5, WHOLE),
        ("Task", "TimeoutSeconds", 60.0, WHOLE),
        ("Task", "TimeoutSeconds", "60", WHOLE),
        ("Task", "TimeoutSeconds", True, WHOLE),
        ("Task", "TimeoutSeconds", None, WHOLE),
        ("Task", "TimeoutSeconds", "{% 60 %}", WHOLE),
        ("Task", "HeartbeatSeconds", 0, "Minimum value is 1"),
        ("Task", "HeartbeatSeconds", 100000000, "Maximum value is 99999999"),
        ("Wait", "Seconds", 0, None),
        ("Wait", "Seconds", -1, "Minimum value is 0"),
        ("Wait", "Seconds", 100000000, "Maximum value is 99999999"),
        ("Wait", "Seconds", "$.s", WHOLE),
        ("Map", "MaxConcurrency", -1, "Minimum value is 0"),
        ("Map", "MaxConcurrency", 10**18, None),
        ("Map", "ToleratedFailurePercentage", 101, "Maximum value is 100"),
        ("Map", "ToleratedFailurePercentage", -1, "Minimum value is 0"),
        ("Map", "ToleratedFailureCount", -1, "Minimum value is 0"),
        ("Pass", "Comment", 1, TEXT),
        ("Pass", "InputPath", "a.b", PATH),
        ("Pass", "InputPath", "$.a[", PATH),
        ("Pass", "InputPath", 1, TEXT),
        ("Pass", "InputPath", None, None),
        ("Pass", "InputPath", "$$.Execution.Id", None),
        ("Pass", "InputPath", "$.a[?(@.b == 1)]", None),
        ("Pass", "OutputPath", "$variable.x", None),
        ("Pass", "OutputPath", "", PATH),
        ("Pass", "ResultPath", None, None),
        ("Pass", "ResultPath", "$.a['b'][0]", None),
        ("Pass", "ResultPath", "$.a[*]", REFERENCE),
        ("Pass", "ResultPath", "$..a", REFERENCE),
        ("Pass", "ResultPath", "$.a[0:2]", REFERENCE),
        ("Pass", "ResultPath", "$.a[-1]", REFERENCE),
        ("Pass", "ResultPath", "$$.Execution.Id", REFERENCE),
        ("Pass", "ResultPath", "$variable", REFERENCE),
        ("Map", "ItemsPath", "$.a[*]", REFERENCE),
        ("Map", "ItemsPath", "$$.Execution.Input.items", None),
        ("Map", "MaxConcurrencyPath", "limit", PATH),
        ("Map", "MaxConcurrencyPath", "$.limits[*]", REFERENCE),
        ("Task", "TimeoutSecondsPath", "t", PATH),
        ("Fail", "ErrorPath", "States.Format('{}', $.e)", None),
        ("Fail", "ErrorPath", "States.Nothing($.e)", PATH),
        ("Fail", "CausePath", "$.a[*]", REFERENCE),
        ("Fail", "CausePath", 1, TEXT),
        ("Fail", "Error", 1, TEXT),
        ("Pass", "Parameters", "$", OBJECT),
        ("Pass", "Parameters", [], OBJECT),
        ("Pass", "Next", 1, TEXT),
        ("Pass", "Assign", "{% $x %}", OBJECT),
        ("Task", "Resource", 1, TEXT),
        ("Task", "Retry", {}, ARRAY),
        ("Task", "Catch", "States.ALL", ARRAY),
        ("Parallel", "Branches", [], "Value cannot be empty"),
        ("Parallel", "Branches", {}, "Value cannot be empty"),
        ("Parallel", "Branches", "b", ARRAY),
    ],
)
def test_the_value_of_a_field_is_checked(kind: str, field: str, value: Any, words: str | None) -> None:
    definition = single(kind, **{field: value})
    if kind == "Pass" and field == "Next":
        definition = without(definition, "End")
    found = [(message, location) for _, message, location in refusals(definition) if location == f"/States/S/{field}"]
    assert found[:1] == ([] if words is None else [(words, f"/States/S/{field}")])
    assert (words is None) == (refusals(definition) == [])


@pytest.mark.parametrize("value", [0, 60, 99999999])
def test_a_machine_may_have_a_time_out(value: int) -> None:
    assert refusals(machine({"A": PASS}, TimeoutSeconds=value)) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("TimeoutSeconds", -1, "Minimum value is 0"),
        ("TimeoutSeconds", "60", WHOLE),
        ("TimeoutSeconds", "{% 60 %}", WHOLE),
        ("Version", "2.0", "Value should be one of the following: [1.0]"),
        ("Version", 1.0, TEXT),
        ("StartAt", 1, TEXT),
        ("Comment", [], TEXT),
        ("QueryLanguage", "jsonata", "Value should be one of the following: [JSONPath, JSONata]"),
        ("QueryLanguage", None, TEXT),
    ],
)
def test_the_fields_of_the_machine_are_checked(field: str, value: Any, words: str) -> None:
    assert refusals(machine({"A": {"Type": "Succeed"}}, **{field: value})) == [schema(words, f"/{field}")]


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("2026-11-30T08:00:00Z", True),
        ("2026-11-30T08:00:00.123456789Z", True),
        ("2026-11-30T08:00:00+01:00", True),
        ("2026-11-30T08:00:00", False),
        ("2026-11-30t08:00:00z", False),
        ("2026-11-30 08:00:00Z", False),
        ("2026-02-30T08:00:00Z", False),
        ("2026-11-30", False),
        ("$.time", False),
        ("", False),
    ],
)
def test_a_timestamp_is_of_rfc_3339(value: str, accepted: bool) -> None:
    definition = without(single("Wait", Timestamp=value), "Seconds")
    refused = [schema("String does not match RFC3339 timestamp", "/States/S/Timestamp")]
    assert refusals(definition) == ([] if accepted else refused)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Task", "HeartbeatSeconds, HeartbeatSecondsPath"),
        ("Fail", "Error, ErrorPath"),
        ("Fail", "Cause, CausePath"),
        ("Map", "MaxConcurrency, MaxConcurrencyPath"),
        ("Map", "ToleratedFailurePercentage, ToleratedFailurePercentagePath"),
        ("Map", "ToleratedFailureCount, ToleratedFailureCountPath"),
    ],
)
def test_a_value_and_its_path_exclude_each_other(kind: str, fields: str) -> None:
    value, path = fields.split(", ")
    given = {value: "E" if kind == "Fail" else 1, path: "$.p"}
    assert refusals(single(kind, **given)) == [only_one_of(fields)]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("Wait", "Seconds"),
        ("Task", "TimeoutSeconds"),
        ("Map", "MaxConcurrency"),
        ("Map", "ToleratedFailureCount"),
    ],
)
def test_jsonata_gives_a_number(kind: str, field: str) -> None:
    assert refusals(single(kind, language="JSONata", **{field: "{% $states.input.n %}"})) == []
    assert refusals(single(kind, language="JSONata", **{field: "5"})) == [schema(WHOLE, f"/States/S/{field}")]


@pytest.mark.parametrize(
    ("value", "words"),
    [(False, "Value should be one of the following: [true]"), ("true", "Expected value of type [BOOLEAN]")],
)
def test_end_is_true(value: Any, words: str) -> None:
    states = {"S": {"Type": "Pass", "End": value}, "T": PASS}
    assert schema(words, "/States/S/End") in refusals(machine(states))


@pytest.mark.parametrize(
    ("state", "warnings"),
    [
        ({"Type": "Fail", "Cause": "$.error.Cause"}, [("NO_PATH", "/States/S/Cause")]),
        ({"Type": "Fail", "Cause": "costs $5"}, []),
        (PASS | {"Parameters": {"a": "$.b"}}, [("NO_DOLLAR", "/States/S/Parameters/a")]),
        (PASS | {"Parameters": {"a": [{"b": "States.UUID()"}]}}, [("NO_DOLLAR", "/States/S/Parameters/a[0]/b")]),
        (PASS | {"Parameters": {"a": "$5", "b": "States.Runtime", "c.$": "$.c"}}, []),
        (PASS | {"Result": {"a.$": "$.b"}}, [("PASS_RESULT_IS_STATIC", "/States/S/Result")]),
        (PASS | {"Result": [{"deep": {"a.$": "$.b"}}]}, [("PASS_RESULT_IS_STATIC", "/States/S/Result")]),
        (PASS | {"Result": {"a": "$.b"}}, []),
    ],
)
def test_what_looks_like_a_path_and_is_none_is_warned_of(
    state: dict[str, Any], warnings: list[tuple[str, str]]
) -> None:
    """The warnings that ValidateStateMachineDefinition documents."""
    found = check(json.dumps({"StartAt": "S", "States": {"S": state}}))
    assert [(one.severity, one.code, one.location) for one in found] == [("WARNING", *one) for one in warnings]
