"""Implements SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions import task_tokens
from refit.embedded_cloud.step_functions.api import json_text
from refit.embedded_cloud.step_functions.errors import invalid_output

Json = dict[str, Any]


def succeed(request: Json) -> Json:
    """The task goes on with the output. Raises ApiError InvalidToken, TaskTimedOut or InvalidOutput."""
    callback = task_tokens.find(request["taskToken"])
    if problem := json_text.problem(request["output"]):
        raise invalid_output(problem)
    callback.succeed(request["output"])
    return {}


def fail(request: Json) -> Json:
    """The task fails with the error and the cause. Raises ApiError InvalidToken or TaskTimedOut."""
    task_tokens.find(request["taskToken"]).fail(request.get("error"), request.get("cause"))
    return {}


def heartbeat(request: Json) -> Json:
    """The time of HeartbeatSeconds begins again. Raises ApiError InvalidToken or TaskTimedOut."""
    task_tokens.find(request["taskToken"]).task.heartbeat()
    return {}
