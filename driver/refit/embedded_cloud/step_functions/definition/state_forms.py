"""The fields of every type of state in both query languages, as data.

Which type has which field was measured on AWS, 8 types times 50 fields: badmintoncryer/cdk-preflight,
rules/stepfunctions/pf-sfn-asl-state-fields. Ranges and groups: pf-sfn-asl-numeric-ranges, pf-sfn-asl-path-exclusive.
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition import checks
from refit.embedded_cloud.step_functions.definition.choices import choices
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, warning
from refit.embedded_cloud.step_functions.definition.error_handlers import MAX_SECONDS, catch, retry
from refit.embedded_cloud.step_functions.definition.forms import Field, Form, Place
from refit.embedded_cloud.step_functions.definition.map_states import (
    BATCHER,
    PROCESSOR,
    READER,
    SUB_WORKFLOW,
    WRITER,
    label,
)
from refit.embedded_cloud.step_functions.definition.templates import template
from refit.embedded_cloud.step_functions.definition.variables import assign

LANGUAGES = ("JSONPath", "JSONata")
TYPES = ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")


def _static_result(value: Any, place: Place) -> Diagnostics:
    """Result is taken as it is written: warns of members that look like paths."""
    if _has_dynamic_member(value):
        yield warning("PASS_RESULT_IS_STATIC", "Attempt to use a path in the result of a pass state", place.location)


def _has_dynamic_member(value: Any) -> bool:
    if isinstance(value, dict):
        return any(name.endswith(".$") or _has_dynamic_member(member) for name, member in value.items())
    return isinstance(value, list) and any(map(_has_dynamic_member, value))


def _json_path(check: Any) -> Field:
    return Field(check, only="JSONPath")


def _json_ata(check: Any) -> Field:
    return Field(check, only="JSONata")


_COMMON = {
    "Type": Field(checks.one_of(*TYPES)),
    "Comment": Field(checks.text),
    "QueryLanguage": Field(checks.one_of(*LANGUAGES)),
}
_FLOW = {"Next": Field(checks.text), "End": Field(checks.end)}
_IN_OUT = {
    "InputPath": _json_path(checks.path_or_null),
    "OutputPath": _json_path(checks.path_or_null),
    "Output": _json_ata(checks.anything),
}
_ASSIGN = {"Assign": Field(assign)}
_PARAMETERS = {"Parameters": _json_path(template), "ResultPath": _json_path(checks.result_path)}
_ARGUMENTS = {"Arguments": _json_ata(checks.anything)}
_RESULT = {"ResultSelector": _json_path(template), "Retry": Field(retry), "Catch": Field(catch)}
_NEXT_OR_END = (("Next", "End"),)

MACHINE = Form(
    {
        "Comment": Field(checks.text),
        "QueryLanguage": Field(checks.one_of(*LANGUAGES)),
        "StartAt": Field(checks.text),
        "States": Field(checks.not_empty(checks.object_)),
        # 0 was seen to be accepted here, unlike in a Task (pf-sfn-asl-numeric-ranges).
        "TimeoutSeconds": Field(checks.integer(0, MAX_SECONDS, literal=True)),
        "Version": Field(checks.one_of("1.0")),
    },
    required=("States", "StartAt"),
)

STATES = {
    "Pass": Form(
        {**_COMMON, **_FLOW, **_IN_OUT, **_ASSIGN, **_PARAMETERS, "Result": _json_path(_static_result)},
        exactly_one=_NEXT_OR_END,
    ),
    "Task": Form(
        {
            **_COMMON,
            **_FLOW,
            **_IN_OUT,
            **_ASSIGN,
            **_PARAMETERS,
            **_ARGUMENTS,
            **_RESULT,
            "Resource": Field(checks.text),
            "Credentials": Field(checks.anything),
            "TimeoutSeconds": Field(checks.integer(1, MAX_SECONDS)),
            "TimeoutSecondsPath": _json_path(checks.reference),
            "HeartbeatSeconds": Field(checks.integer(1, MAX_SECONDS)),
            "HeartbeatSecondsPath": _json_path(checks.reference),
        },
        required=("Resource",),
        exactly_one=_NEXT_OR_END,
        at_most_one=(("TimeoutSeconds", "TimeoutSecondsPath"), ("HeartbeatSeconds", "HeartbeatSecondsPath")),
    ),
    "Choice": Form(
        {**_COMMON, **_IN_OUT, **_ASSIGN, "Choices": Field(choices), "Default": Field(checks.text)},
        required=("Choices",),
    ),
    "Wait": Form(
        {
            **_COMMON,
            **_FLOW,
            **_IN_OUT,
            **_ASSIGN,
            "Seconds": Field(checks.integer(0, MAX_SECONDS)),
            "SecondsPath": _json_path(checks.reference),
            "Timestamp": Field(checks.timestamp),
            "TimestampPath": _json_path(checks.reference),
        },
        exactly_one=(*_NEXT_OR_END, ("SecondsPath", "Seconds", "TimestampPath", "Timestamp")),
    ),
    "Succeed": Form({**_COMMON, **_IN_OUT}),
    "Fail": Form(
        {
            **_COMMON,
            "Error": Field(checks.text_or_path),
            "ErrorPath": _json_path(checks.reference_or_call),
            "Cause": Field(checks.text_or_path),
            "CausePath": _json_path(checks.reference_or_call),
        },
        at_most_one=(("Error", "ErrorPath"), ("Cause", "CausePath")),
    ),
    "Parallel": Form(
        {
            **_COMMON,
            **_FLOW,
            **_IN_OUT,
            **_ASSIGN,
            **_PARAMETERS,
            **_ARGUMENTS,
            **_RESULT,
            "Branches": Field(checks.not_empty(checks.list_of(SUB_WORKFLOW))),
        },
        required=("Branches",),
        exactly_one=_NEXT_OR_END,
    ),
    "Map": Form(
        {
            **_COMMON,
            **_FLOW,
            **_IN_OUT,
            **_ASSIGN,
            **_PARAMETERS,
            **_RESULT,
            "ItemProcessor": Field(checks.form(PROCESSOR)),
            "Iterator": Field(checks.form(PROCESSOR)),
            "ItemsPath": _json_path(checks.reference),
            "Items": _json_ata(checks.anything),
            "ItemSelector": Field(template),
            "ItemReader": Field(checks.form(READER)),
            "ItemBatcher": Field(checks.form(BATCHER)),
            "ResultWriter": Field(checks.form(WRITER)),
            "Label": Field(label),
            "MaxConcurrency": Field(checks.integer(0)),
            "MaxConcurrencyPath": _json_path(checks.reference),
            "ToleratedFailurePercentage": Field(checks.integer(0, 100)),
            "ToleratedFailurePercentagePath": _json_path(checks.reference),
            "ToleratedFailureCount": Field(checks.integer(0)),
            "ToleratedFailureCountPath": _json_path(checks.reference),
        },
        exactly_one=(*_NEXT_OR_END, ("ItemProcessor", "Iterator")),
        at_most_one=(
            ("MaxConcurrency", "MaxConcurrencyPath"),
            ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
            ("ToleratedFailureCount", "ToleratedFailureCountPath"),
        ),
    ),
}
