"""Lambda functions, as a Resource of their own and by the integration lambda:invoke.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import calls, optimized
from refit.embedded_cloud.step_functions.interpreter.task import Task

LAMBDA = optimized.Service("lambda", "Lambda", "AWSLambdaException", "AWSLambda")


def run_function(task: Task) -> Any:
    """Invokes the function whose ARN is the Resource; the result is the function's. Raises StatesError.

    The Cause of a failed function is the payload as the runtime wrote it.
    """
    response = _invoke(task, {"FunctionName": task.resource, "Payload": task.arguments})
    payload = response["Payload"].decode()
    if "FunctionError" in response:
        raise StatesError(_error_type(payload), payload)
    return _value(payload)


def run_invoke(task: Task, _: Any) -> Any:
    """Runs lambda:invoke: the result has the Payload, ExecutedVersion, StatusCode and the SDK's metadata."""
    response = _invoke(task, {"Payload": {}, **task.arguments} if isinstance(task.arguments, dict) else task.arguments)
    payload = response["Payload"].decode()
    if "FunctionError" in response:
        raise StatesError(_error_type(payload), _compact(payload))
    return optimized.result({**response, "Payload": _value(payload)})


def _invoke(task: Task, given: Any) -> dict[str, Any]:
    """Invokes the function. The permission is checked first, because ministack's refusal does not name the function."""
    function = given.get("FunctionName") if isinstance(given, dict) else None
    if isinstance(function, str):
        region, account = task.execution_arn.split(":")[3:5]
        arn = function if function.startswith("arn:") else f"arn:aws:lambda:{region}:{account}:function:{function}"
        denied = calls.actor(task).denial("lambda:InvokeFunction", arn)
        if denied:
            details = "Status Code: 403; Error Code: AccessDeniedException; Request ID: null; Proxy: null"
            raise StatesError("Lambda.AWSLambdaException", f"{denied} (Service: AWSLambda; {details})")
    return optimized.call(task, LAMBDA, "Invoke", given, _with_payload)


def _with_payload(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    return {**given, "Payload": json.dumps(given.get("Payload"), separators=(",", ":")).encode()}


def _value(payload: str) -> Any:
    return json.loads(payload) if payload else None


def _error_type(payload: str) -> str:
    """The name of the function's error; Lambda.Unknown if the runtime gives none."""
    try:
        return str(json.loads(payload)["errorType"])
    except (ValueError, KeyError, TypeError):
        return "Lambda.Unknown"


def _compact(payload: str) -> str:
    try:
        return json.dumps(json.loads(payload), separators=(",", ":"), ensure_ascii=False)
    except ValueError:
        return payload
