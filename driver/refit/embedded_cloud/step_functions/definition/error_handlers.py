"""The forms of Retry and Catch.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-retry-catch.
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition import checks
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.forms import Field, Form, Place
from refit.embedded_cloud.step_functions.definition.variables import assign

MAX_SECONDS = 99_999_999
MAX_DELAY = 31_622_400
ALL = "States.ALL"


RETRIER = Form(
    {
        "Comment": Field(checks.text),
        "ErrorEquals": Field(checks.not_empty(checks.texts)),
        # AWS documents a positive integer; its validation was seen to accept 0 (badmintoncryer/cdk-preflight).
        "IntervalSeconds": Field(checks.integer(1, MAX_SECONDS, literal=True)),
        "MaxAttempts": Field(checks.integer(0, MAX_SECONDS, literal=True)),
        "BackoffRate": Field(checks.number(1)),
        "MaxDelaySeconds": Field(checks.integer(1, MAX_DELAY, literal=True)),
        "JitterStrategy": Field(checks.one_of("NONE", "FULL")),
    },
    required=("ErrorEquals",),
)

CATCHER = Form(
    {
        "Comment": Field(checks.text),
        "ErrorEquals": Field(checks.not_empty(checks.texts)),
        "Next": Field(checks.text),
        "Assign": Field(assign),
        "ResultPath": Field(checks.result_path, only="JSONPath"),
        "Output": Field(checks.anything, only="JSONata"),
    },
    required=("ErrorEquals", "Next"),
)


def retry(value: Any, place: Place) -> Diagnostics:
    """A list of retriers."""
    yield from checks.list_of(RETRIER)(value, place)
    yield from _catch_all_is_last(value, place)
    for index, retrier in enumerate(value if isinstance(value, list) else ()):
        if isinstance(retrier, dict):
            interval, longest = retrier.get("IntervalSeconds", 1), retrier.get("MaxDelaySeconds")
            if isinstance(interval, int) and isinstance(longest, int) and longest <= interval:
                words = "MaxDelaySeconds must be greater than IntervalSeconds"
                yield schema(words, f"{place.location}[{index}]/MaxDelaySeconds")


def catch(value: Any, place: Place) -> Diagnostics:
    """A list of catchers."""
    yield from checks.list_of(CATCHER)(value, place)
    yield from _catch_all_is_last(value, place)


def _catch_all_is_last(value: Any, place: Place) -> Diagnostics:
    handlers = value if isinstance(value, list) else []
    for index, handler in enumerate(handlers):
        names = handler.get("ErrorEquals") if isinstance(handler, dict) else None
        if isinstance(names, list) and ALL in names and (len(names) > 1 or index < len(handlers) - 1):
            where = f"{place.location}[{index}]/ErrorEquals[{names.index(ALL)}]"
            yield schema(f"{ALL} must appear alone and at end of list", where)
