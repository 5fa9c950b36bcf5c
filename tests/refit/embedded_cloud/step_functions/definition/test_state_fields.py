"""Which type of state has which field, in both query languages.

Measured on AWS, 8 types times 50 fields: badmintoncryer/cdk-preflight, pf-sfn-asl-state-fields.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import PASS, only_for, refusals, single, unsupported, without

RULE = {"Variable": "$.a", "IsNull": True, "Next": "S"}
CONDITION = {"Condition": "{% true %}", "Next": "S"}
INNER = {"StartAt": "I", "States": {"I": PASS}}
BRANCHES = [{"StartAt": "B", "States": {"B": PASS}}]

FIELDS: dict[str, tuple[Any, str | None, str]] = {
    "InputPath": ("$", "JSONPath", "Pass Task Wait Choice Succeed Parallel Map"),
    "OutputPath": ("$", "JSONPath", "Pass Task Wait Choice Succeed Parallel Map"),
    "Output": ({}, "JSONata", "Pass Task Wait Choice Succeed Parallel Map"),
    "Assign": ({"v": 1}, None, "Pass Task Wait Choice Parallel Map"),
    "Parameters": ({}, "JSONPath", "Pass Task Parallel Map"),
    "ResultPath": ("$", "JSONPath", "Pass Task Parallel Map"),
    "Result": (1, "JSONPath", "Pass"),
    "Arguments": ({}, "JSONata", "Task Parallel"),
    "ResultSelector": ({}, "JSONPath", "Task Parallel Map"),
    "Retry": ([], None, "Task Parallel Map"),
    "Catch": ([], None, "Task Parallel Map"),
    "TimeoutSeconds": (9, None, "Task"),
    "TimeoutSecondsPath": ("$.t", "JSONPath", "Task"),
    "HeartbeatSeconds": (1, None, "Task"),
    "HeartbeatSecondsPath": ("$.t", "JSONPath", "Task"),
    "Credentials": ({"RoleArn": "r"}, None, "Task"),
    "Resource": ("arn:aws:lambda:us-east-1:123456789012:function:f", None, "Task"),
    "Seconds": (1, None, "Wait"),
    "Error": ("E", None, "Fail"),
    "ErrorPath": ("$.e", "JSONPath", "Fail"),
    "Cause": ("c", None, "Fail"),
    "CausePath": ("$.c", "JSONPath", "Fail"),
    "Default": ("S", None, "Choice"),
    "Branches": (BRANCHES, None, "Parallel"),
    "ItemProcessor": (INNER, None, "Map"),
    "ItemsPath": ("$.i", "JSONPath", "Map"),
    "Items": ([], "JSONata", "Map"),
    "ItemSelector": ({}, None, "Map"),
    "ItemBatcher": ({"MaxItemsPerBatch": 1}, None, "Map"),
    "ItemReader": ({"Resource": "arn:aws:states:::s3:getObject"}, None, "Map"),
    "ResultWriter": ({"Resource": "arn:aws:states:::s3:putObject"}, None, "Map"),
    "Label": ("l", None, "Map"),
    "MaxConcurrency": (0, None, "Map"),
    "MaxConcurrencyPath": ("$.m", "JSONPath", "Map"),
    "ToleratedFailurePercentage": (100, None, "Map"),
    "ToleratedFailurePercentagePath": ("$.p", "JSONPath", "Map"),
    "ToleratedFailureCount": (0, None, "Map"),
    "ToleratedFailureCountPath": ("$.c", "JSONPath", "Map"),
    "End": (True, None, "Pass Task Wait Parallel Map"),
    "Comment": ("c", None, "Pass Task Wait Choice Succeed Fail Parallel Map"),
    "end": (True, None, ""),
    "resultPath": ("$", None, ""),
    "Timeout": (1, None, ""),
}
"""A value, the only query language that has the field, and the types of states that have it."""

TYPES = ("Pass", "Task", "Wait", "Choice", "Succeed", "Fail", "Parallel", "Map")


def rule(kind: str, language: str) -> dict[str, Any]:
    """The rules of a Choice that leads to itself."""
    return {"Choices": [RULE if language == "JSONPath" else CONDITION]} if kind == "Choice" else {}


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_a_field_belongs_to_its_types_and_its_language(field: str, kind: str, language: str) -> None:
    value, only, kinds = FIELDS[field]
    found = refusals(single(kind, language=language, **rule(kind, language), **{field: value}))
    about_the_field = [one for one in found if f"'{field}'" in one[1]]
    if kind not in kinds.split():
        assert about_the_field == [unsupported(field)]
    elif only in (None, language):
        assert about_the_field == []
    else:
        assert about_the_field == [only_for(field, only)]


@pytest.mark.parametrize("field", [name for name, (_, only, kinds) in FIELDS.items() if kinds])
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_a_field_in_its_place_is_accepted(field: str, language: str) -> None:
    value, only, kinds = FIELDS[field]
    kind = kinds.split()[0]
    if only not in (None, language):
        return
    definition = single(kind, language=language, **rule(kind, language), **{field: value})
    if field.endswith("Path") and field.removesuffix("Path") in single(kind):
        definition = without(definition, field.removesuffix("Path"))
    expected = ["Workflow has no terminal state"] if kind == "Choice" else []
    assert [message for _, message, _ in refusals(definition)] == expected


@pytest.mark.parametrize("value", [1, None, "", ["Pass"], "pass"])
def test_a_state_has_a_type(value: Any) -> None:
    types = "[Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]"
    words = (
        f"Value should be one of the following: {types}"
        if isinstance(value, str)
        else "Expected value of type [STRING]"
    )
    assert [(message, location) for _, message, location in refusals(single("Pass", Type=value))] == [
        (words, "/States/S/Type")
    ]
