"""Builds small state machines, for the tests of what Step Functions refuses."""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.step_functions.definition import MachineType, check

Finding = tuple[str, str, str | None]
"""Code, message and location."""

PASS = {"Type": "Pass", "End": True}
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"
TRAINING = {
    "TrainingJobName": "n",
    "AlgorithmSpecification": {"TrainingImage": "i", "TrainingInputMode": "File"},
    "RoleArn": "r",
    "OutputDataConfig": {"S3OutputPath": "s3://b/"},
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
}
"""The least that CreateTrainingJob takes."""


def machine(states: dict[str, Any], **fields: Any) -> str:
    """The definition of a machine that starts at the first of its states, unless `fields` say otherwise."""
    return json.dumps({"StartAt": next(iter(states), None), "States": states} | fields)


def single(kind: str, *, language: str = "JSONPath", **fields: Any) -> str:
    """The definition of a machine with one state, S, and what such a state needs."""
    least: dict[str, Any] = {
        "Pass": {"End": True},
        "Task": {"End": True, "Resource": FUNCTION},
        "Choice": {"Default": "S", "Choices": []},
        "Wait": {"End": True, "Seconds": 1},
        "Succeed": {},
        "Fail": {},
        "Parallel": {"End": True, "Branches": [{"StartAt": "B", "States": {"B": PASS}}]},
        "Map": {"End": True, "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}}},
    }
    return machine({"S": {"Type": kind} | least[kind] | fields}, QueryLanguage=language)


def choice(*rules: Any, language: str = "JSONPath", **fields: Any) -> str:
    """The definition of a machine with a Choice, C, whose rules lead to the state Y, or else to N."""
    state = {"Type": "Choice", "Choices": list(rules), "Default": "N"} | fields
    return machine({"C": state, "Y": {"Type": "Succeed"}, "N": {"Type": "Succeed"}}, QueryLanguage=language)


def without(definition: str, field: str, state: str = "S") -> str:
    """The definition without a field of a state."""
    value = json.loads(definition)
    del value["States"][state][field]
    return json.dumps(value)


def refusals(definition: str, machine_type: MachineType = "STANDARD") -> list[Finding]:
    """The errors that AWS would report."""
    return [(one.code, one.message, one.location) for one in check(definition, machine_type) if one.severity == "ERROR"]


def schema(message: str, location: str | None) -> Finding:
    """A finding of the code that most have."""
    return ("SCHEMA_VALIDATION_FAILED", message, location)


NO_END: Finding = ("MISSING_END_STATE", "Workflow has no terminal state", None)


def missing(target: str, location: str) -> Finding:
    """A transition to a state that is not in its scope."""
    return ("MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {target}", location)


def unreachable(location: str) -> Finding:
    """A state that nothing leads to."""
    name = location.rpartition("/")[2]
    return ("MISSING_TRANSITION_TARGET", f'State "{name}" is not reachable.', location)


def required(fields: str, location: str = "/States/S") -> Finding:
    """Fields that an object needs and does not have."""
    return schema(f"These fields are required: [{fields}]", location)


def unsupported(field: str, location: str = "/States/S") -> Finding:
    """A field that an object of its kind does not have."""
    return schema(f"Field '{field}' is not supported", location)


def one_of(fields: str, location: str = "/States/S") -> Finding:
    """None of the fields of which there must be one."""
    return schema(f"This object should have only one of the following fields: [{fields}]", location)


def only_one_of(fields: str, location: str = "/States/S") -> Finding:
    """Several of the fields of which there may be one."""
    return schema(f"There should only be one of the following fields: [{fields}]", location)


def only_for(field: str, language: str, location: str = "/States/S") -> Finding:
    """A field of the query language that the object does not have."""
    other = "JSONata" if language == "JSONPath" else "JSONPath"
    words = f"The QueryLanguage is set to '{other}', but field '{field}' is only supported for the '{language}'"
    return schema(f"{words} QueryLanguage", location)
