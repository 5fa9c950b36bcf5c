"""Definitions that ministack's interpreter accepted and AWS refuses, each with its message and place.

The relatives of each are in the other tests of this folder.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.state_machines import (
    FUNCTION,
    NO_END,
    PASS,
    Finding,
    choice,
    machine,
    missing,
    one_of,
    only_for,
    only_one_of,
    refusals,
    required,
    schema,
    single,
    unreachable,
    unsupported,
    without,
)

RULE = {"Variable": "$.a", "IsPresent": True, "Next": "Y"}


def retried(**fields: Any) -> str:
    return single("Task", Retry=[{"ErrorEquals": ["E"]} | fields])


CASES: dict[str, tuple[str, list[Finding]]] = {
    "no StartAt": (json.dumps({"States": {"S": PASS}}), [required("StartAt", "/")]),
    "StartAt to nothing": (machine({"S": PASS}, StartAt="X"), [missing("X", "/StartAt"), unreachable("/States/S")]),
    "no States": (json.dumps({"StartAt": "S"}), [required("States", "/")]),
    "States empty": (machine({}, StartAt="S"), [schema("Value cannot be empty", "/States")]),
    "Next to nothing": (
        machine({"S": {"Type": "Pass", "Next": "X"}}),
        [missing("X", "/States/S/Next"), NO_END],
    ),
    "neither Next nor End": (without(single("Pass"), "End"), [one_of("Next, End"), NO_END]),
    "both Next and End": (
        machine({"S": PASS | {"Next": "T"}, "T": PASS}),
        [only_one_of("Next, End")],
    ),
    "unknown Type": (
        machine({"S": {"Type": "Go", "End": True}}),
        [
            schema(
                "Value should be one of the following: [Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]",
                "/States/S/Type",
            )
        ],
    ),
    "unknown field": (single("Pass", Colour="red"), [unsupported("Colour")]),
    "unknown field at the top": (machine({"S": PASS}, Name="n"), [unsupported("Name", "/")]),
    "Task without Resource": (without(single("Task"), "Resource"), [required("Resource")]),
    "Choice without Choices": (
        without(choice(RULE), "Choices", "C"),
        [required("Choices", "/States/C"), unreachable("/States/Y")],
    ),
    "Choice with End": (choice(RULE, End=True), [unsupported("End", "/States/C")]),
    "Choice rule without Next": (
        choice(RULE, {"Variable": "$.a", "IsNull": True}),
        [required("Next", "/States/C/Choices[1]")],
    ),
    "Choice rule Variable is no path": (
        choice(RULE | {"Variable": "a"}),
        [
            schema(
                "Value is not a Reference Path: Reference path didn't start with '$'", "/States/C/Choices[0]/Variable"
            )
        ],
    ),
    "a state that nothing leads to": (machine({"S": PASS, "T": PASS}), [unreachable("/States/T")]),
    "Fail with Next": (single("Fail", Next="S"), [unsupported("Next")]),
    "Wait without a time": (
        without(single("Wait"), "Seconds"),
        [one_of("SecondsPath, Seconds, TimestampPath, Timestamp")],
    ),
    "Wait with two times": (
        single("Wait", SecondsPath="$.s"),
        [only_one_of("SecondsPath, Seconds, TimestampPath, Timestamp")],
    ),
    "Wait Timestamp is none": (
        without(single("Wait", Timestamp="tomorrow"), "Seconds"),
        [schema("String does not match RFC3339 timestamp", "/States/S/Timestamp")],
    ),
    "Parameters x.$ is no path": (
        single("Pass", Parameters={"x.$": "a"}),
        [
            schema(
                "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call",
                "/States/S/Parameters",
            )
        ],
    ),
    "ResultPath is no path": (
        single("Pass", ResultPath="a"),
        [schema("Value must be a valid JSONPath.", "/States/S/ResultPath")],
    ),
    "ResultPath with a filter": (
        single("Pass", ResultPath="$.a[?(@.b == 1)]"),
        [schema("Value is not a Reference Path", "/States/S/ResultPath")],
    ),
    "Arguments in JSONPath": (single("Task", Arguments={}), [only_for("Arguments", "JSONata")]),
    "Output in JSONPath": (single("Pass", Output={}), [only_for("Output", "JSONata")]),
    "Condition in JSONPath": (
        choice({"Condition": "{% true %}", "Next": "Y"}),
        [only_for("Condition", "JSONata", "/States/C/Choices[0]")],
    ),
    "Parameters in JSONata": (single("Pass", language="JSONata", Parameters={}), [only_for("Parameters", "JSONPath")]),
    "InputPath in JSONata": (single("Pass", language="JSONata", InputPath="$"), [only_for("InputPath", "JSONPath")]),
    "ResultPath in JSONata": (single("Pass", language="JSONata", ResultPath="$"), [only_for("ResultPath", "JSONPath")]),
    "Variable in JSONata": (
        choice(RULE, language="JSONata"),
        [
            only_for("Variable", "JSONPath", "/States/C/Choices[0]"),
            only_for("IsPresent", "JSONPath", "/States/C/Choices[0]"),
        ],
    ),
    "SecondsPath in JSONata": (
        without(single("Wait", language="JSONata", SecondsPath="$.s"), "Seconds"),
        [only_for("SecondsPath", "JSONPath")],
    ),
    "JSONata machine, JSONPath state": (
        single("Pass", language="JSONata", QueryLanguage="JSONPath", Output={}),
        [schema("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "/States/S")],
    ),
    "QueryLanguage unknown": (
        single("Pass", language="SQL"),
        [schema("Value should be one of the following: [JSONPath, JSONata]", "/QueryLanguage")],
    ),
    "Assign to $states": (
        single("Pass", Assign={"states": 1}),
        [("RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '$states'.", "/States/S/Assign")],
    ),
    "QueryLanguage inside States": (
        machine({"S": PASS, "QueryLanguage": "JSONata"}),
        [
            schema("Expected value of type [OBJECT]", "/States/QueryLanguage"),
            unreachable("/States/QueryLanguage"),
        ],
    ),
    "Retry without ErrorEquals": (
        single("Task", Retry=[{"MaxAttempts": 1}]),
        [required("ErrorEquals", "/States/S/Retry[0]")],
    ),
    "Retry IntervalSeconds 0": (
        retried(IntervalSeconds=0),
        [schema("Minimum value is 1", "/States/S/Retry[0]/IntervalSeconds")],
    ),
    "Retry BackoffRate 0.5": (
        retried(BackoffRate=0.5),
        [schema("Minimum value is 1", "/States/S/Retry[0]/BackoffRate")],
    ),
    "Retry MaxAttempts -1": (
        retried(MaxAttempts=-1),
        [schema("Minimum value is 0", "/States/S/Retry[0]/MaxAttempts")],
    ),
    "Retry MaxDelaySeconds below IntervalSeconds": (
        retried(IntervalSeconds=5, MaxDelaySeconds=4),
        [schema("MaxDelaySeconds must be greater than IntervalSeconds", "/States/S/Retry[0]/MaxDelaySeconds")],
    ),
    "JitterStrategy unknown": (
        retried(JitterStrategy="SOME"),
        [schema("Value should be one of the following: [NONE, FULL]", "/States/S/Retry[0]/JitterStrategy")],
    ),
    "States.ALL with another": (
        retried(ErrorEquals=["E", "States.ALL"]),
        [schema("States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals[1]")],
    ),
    "States.ALL not last": (
        single("Task", Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]),
        [schema("States.ALL must appear alone and at end of list", "/States/S/Retry[0]/ErrorEquals[0]")],
    ),
    "Catch to nothing": (
        single("Task", Catch=[{"ErrorEquals": ["E"], "Next": "X"}]),
        [missing("X", "/States/S/Catch[0]/Next")],
    ),
    "Retry on a Pass": (single("Pass", Retry=[]), [unsupported("Retry")]),
    "TimeoutSeconds 0": (
        single("Task", TimeoutSeconds=0),
        [schema("Minimum value is 1", "/States/S/TimeoutSeconds")],
    ),
    "HeartbeatSeconds not below TimeoutSeconds": (
        single("Task", TimeoutSeconds=5, HeartbeatSeconds=5),
        [schema("HeartbeatSeconds must be smaller than TimeoutSeconds", "/States/S/HeartbeatSeconds")],
    ),
    "TimeoutSeconds and TimeoutSecondsPath": (
        single("Task", TimeoutSeconds=5, TimeoutSecondsPath="$.t"),
        [only_one_of("TimeoutSeconds, TimeoutSecondsPath")],
    ),
    "Succeed with Retry": (single("Succeed", Retry=[]), [unsupported("Retry")]),
    "Map without ItemProcessor": (without(single("Map"), "ItemProcessor"), [one_of("ItemProcessor, Iterator")]),
    "Parallel without Branches": (without(single("Parallel"), "Branches"), [required("Branches")]),
    "malformed JSONata": (
        single("Pass", language="JSONata", Output="{% 1 + %}"),
        [("INVALID_JSONATA_EXPRESSION", "Unexpected end of expression", "/States/S/Output")],
    ),
}
"""The others are in test_json_text (no JSON, over 1 MB), test_transitions (a name of 81) and test_resources."""


@pytest.mark.parametrize(("definition", "findings"), CASES.values(), ids=CASES)
def test_it_is_refused(definition: str, findings: list[Finding]) -> None:
    assert refusals(definition) == findings


@pytest.mark.parametrize("kind", ["Pass", "Task", "Wait", "Succeed", "Fail", "Parallel", "Map"])
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_the_shortest_state_of_each_type_is_accepted(kind: str, language: str) -> None:
    assert refusals(single(kind, language=language)) == []


def test_a_machine_as_in_the_documentation_is_accepted() -> None:
    states = {"C": {"Type": "Choice", "Choices": [RULE], "Default": "T"}, "Y": {"Type": "Succeed"}}
    task = {"Type": "Task", "Resource": FUNCTION, "Next": "Y"}
    assert refusals(machine(states | {"T": task}, Comment="c", TimeoutSeconds=60, Version="1.0")) == []
