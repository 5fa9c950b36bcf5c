"""Checks the arguments of a task before its service is called.

Step Functions makes these checks itself, and a failure ends the execution (States.Runtime); lengths, ranges and
patterns are checked by the service.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from botocore.validate import ParamValidator

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError


def check(arguments: Any, shape: Any) -> dict[str, Any]:
    """Returns the arguments if they fit the operation's input. Raises StatesError States.Runtime in AWS's words."""
    given = {} if arguments is None else arguments
    if not isinstance(given, dict):
        raise _unusable(given, ["The Parameters must be a JSON object"])
    found = list(_problems(given, shape)) if shape is not None else []
    if found:
        raise _unusable(given, found)
    return given


def _unusable(arguments: Any, problems: list[str]) -> StatesError:
    # The whole sentence is known from aws/amazon-sagemaker-examples#4492.
    text = json.dumps(arguments, separators=(",", ":"), default=str)
    cause = f"The Parameters '{text}' could not be used to start the Task: [{', '.join(problems)}]"
    return StatesError("States.Runtime", cause)


def _problems(arguments: dict[str, Any], shape: Any) -> Iterator[str]:
    for reason, _, details in ParamValidator().validate(arguments, shape)._errors:
        if reason == "missing required field":
            yield f"The field '{details['required_name']}' is required but was missing"
        elif reason == "unknown field":
            yield f'The field "{details["unknown_param"]}" is not supported by Step Functions'
        elif reason == "invalid type":
            yield f"The value {json.dumps(details['param'], default=str)} must be one of {details['valid_types']}"
