"""Retry and Catch.

The words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-retry-catch, pf-sfn-asl-numeric-ranges.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.state_machines import Finding, only_for, refusals, required, schema, single, unsupported

ALL = "States.ALL must appear alone and at end of list"
HERE = "/States/S/Retry[0]"


def retried(*retriers: Any, kind: str = "Task") -> list[Finding]:
    return refusals(single(kind, Retry=list(retriers)))


def caught(*catchers: Any, language: str = "JSONPath") -> list[Finding]:
    """What is wrong with a Task that leads to a state F on errors."""
    machine = json.loads(single("Task", language=language, Catch=list(catchers)))
    machine["States"]["F"] = {"Type": "Fail"}
    return refusals(json.dumps(machine))


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"IntervalSeconds": 99999999}, None),
        ({"IntervalSeconds": 100000000}, schema("Maximum value is 99999999", f"{HERE}/IntervalSeconds")),
        ({"IntervalSeconds": 1.5}, schema("Expected value of type Integer", f"{HERE}/IntervalSeconds")),
        ({"MaxAttempts": 0}, None),
        ({"MaxAttempts": 100000000}, schema("Maximum value is 99999999", f"{HERE}/MaxAttempts")),
        ({"BackoffRate": 1}, None),
        ({"BackoffRate": 1.5}, None),
        ({"BackoffRate": "2"}, schema("Expected value of type Number", f"{HERE}/BackoffRate")),
        ({"BackoffRate": True}, schema("Expected value of type Number", f"{HERE}/BackoffRate")),
        ({"MaxDelaySeconds": 31622400}, None),
        ({"MaxDelaySeconds": 31622401}, schema("Maximum value is 31622400", f"{HERE}/MaxDelaySeconds")),
        ({"MaxDelaySeconds": 2, "IntervalSeconds": 1}, None),
        ({"JitterStrategy": "FULL"}, None),
        ({"JitterStrategy": True}, schema("Expected value of type [STRING]", f"{HERE}/JitterStrategy")),
        ({"Comment": "c"}, None),
        ({"Next": "S"}, unsupported("Next", HERE)),
        ({"ErrorEquals": []}, schema("Value cannot be empty", f"{HERE}/ErrorEquals")),
        ({"ErrorEquals": "E"}, schema("Expected value of type [ARRAY]", f"{HERE}/ErrorEquals")),
        ({"ErrorEquals": ["E", 1]}, schema("Expected value of type [STRING]", f"{HERE}/ErrorEquals[1]")),
    ],
)
def test_the_fields_of_a_retrier(fields: dict[str, Any], finding: Finding | None) -> None:
    assert retried({"ErrorEquals": ["E"]} | fields) == ([] if finding is None else [finding])


@pytest.mark.parametrize("longest", [1, 5])
def test_the_longest_delay_is_above_the_first(longest: int) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
    fields = {"ErrorEquals": ["E"], "MaxDelaySeconds": longest} | ({"IntervalSeconds": 5} if longest == 5 else {})
    words = "MaxDelaySeconds must be greater than IntervalSeconds"
    assert retried(fields) == [schema(words, f"{HERE}/MaxDelaySeconds")]


@pytest.mark.parametrize("kind", ["Task", "Parallel", "Map"])
def test_states_that_do_something_are_retried(kind: str) -> None:
    assert retried({"ErrorEquals": ["E"]}, {"ErrorEquals": ["States.ALL"]}, kind=kind) == []
    assert retried({"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["States.ALL"]}, kind=kind) == [
        schema(ALL, f"{HERE}/ErrorEquals[0]")
    ]


@pytest.mark.parametrize("field", ["IntervalSeconds", "MaxAttempts", "MaxDelaySeconds", "BackoffRate"])
def test_a_retrier_has_no_expressions(field: str) -> None:
    """Measured on AWS: floci-io/floci#2745."""
    found = refusals(single("Task", language="JSONata", Retry=[{"ErrorEquals": ["E"], field: "{% 2 %}"}]))
    kind = "Number" if field == "BackoffRate" else "Integer"
    assert found == [schema(f"Expected value of type {kind}", f"{HERE}/{field}")]


def test_a_retrier_is_an_object() -> None:
    assert retried("States.ALL") == [schema("Expected value of type [OBJECT]", HERE)]


CATCH = "/States/S/Catch[0]"


@pytest.mark.parametrize(
    ("catcher", "findings"),
    [
        ({"ErrorEquals": ["E"], "Next": "F"}, []),
        ({"ErrorEquals": ["E"], "Next": "F", "ResultPath": "$.e", "Assign": {"a.$": "$"}, "Comment": "c"}, []),
        ({"ErrorEquals": ["E"], "Next": "F", "ResultPath": None}, []),
        (
            {"ErrorEquals": ["E"], "Next": "F", "ResultPath": "e"},
            [schema("Value must be a valid JSONPath.", f"{CATCH}/ResultPath")],
        ),
        (
            {"ErrorEquals": ["E"], "Next": "F", "ResultPath": "$.e[*]"},
            [schema("Value is not a Reference Path", f"{CATCH}/ResultPath")],
        ),
        ({"ErrorEquals": ["E"], "Next": "F", "Output": {}}, [only_for("Output", "JSONata", CATCH)]),
        ({"ErrorEquals": ["E"], "Next": "F", "IntervalSeconds": 1}, [unsupported("IntervalSeconds", CATCH)]),
        ({"ErrorEquals": ["E", "States.ALL"], "Next": "F"}, [schema(ALL, f"{CATCH}/ErrorEquals[1]")]),
        ({"ErrorEquals": [], "Next": "F"}, [schema("Value cannot be empty", f"{CATCH}/ErrorEquals")]),
        ({"Next": "F"}, [required("ErrorEquals", CATCH)]),
    ],
)
def test_the_fields_of_a_catcher(catcher: dict[str, Any], findings: list[Finding]) -> None:
    assert caught(catcher) == findings


def test_a_catcher_says_what_comes_next() -> None:
    assert required("Next", CATCH) in refusals(single("Task", Catch=[{"ErrorEquals": ["E"]}]))


def test_a_catcher_of_jsonata_gives_output() -> None:
    good = {"ErrorEquals": ["E"], "Next": "F", "Output": "{% $states.errorOutput %}"}
    assert caught(good, language="JSONata") == []
    assert caught(good | {"ResultPath": "$.e"}, language="JSONata") == [only_for("ResultPath", "JSONPath", CATCH)]


def test_the_last_catcher_alone_catches_all() -> None:
    catchers = [{"ErrorEquals": [name], "Next": "F"} for name in ("States.ALL", "E")]
    assert caught(*catchers) == [schema(ALL, f"{CATCH}/ErrorEquals[0]")]
    assert caught(*reversed(catchers)) == []


def test_empty_lists_are_accepted() -> None:
    """Recorded on AWS: localstack/localstack, CATCH_EMPTY and LAMBDA_EMPTY_RETRY."""
    assert refusals(single("Task", Catch=[], Retry=[])) == []
