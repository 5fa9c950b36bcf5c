"""Step Functions: tasks that wait for a callback with their task token.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
import uuid
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions

from refit.embedded_cloud.ministack_patches import stepfunctions_role, stepfunctions_waits
from refit.embedded_cloud.ministack_patches.patching import patch

MODULE = "services.stepfunctions"
PATTERN = ".waitForTaskToken"


@patch(MODULE, "_apply_jsonata_arguments")
def add_a_token_in_jsonata(apply: Any, state: Any, raw_input: Any, ctx: Any = None) -> Any:
    """Each attempt of a task has its own token in the context object; in ministack all attempts share one.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-contextobject
    """
    _add_a_token(state, ctx)
    return apply(state, raw_input, ctx)


@patch(MODULE, "_apply_parameters")
def add_a_token_in_jsonpath(apply: Any, state: Any, data: Any, ctx: Any = None) -> Any:
    """The same for tasks in JSONPath.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-contextobject
    """
    _add_a_token(state, ctx)
    return apply(state, data, ctx)


def _add_a_token(state: Any, ctx: Any) -> None:
    if ctx is not None and PATTERN in state.get("Resource", ""):
        content = json.dumps({"machine": ctx["StateMachine"]["Id"], "task": uuid.uuid4().hex})
        ctx["Task"] = {"Token": base64.urlsafe_b64encode(content.encode()).decode()}


def machine_of(token: Any) -> str | None:
    """The ARN of the state machine that the token belongs to; None if it is not a token of this cloud."""
    try:
        return str(json.loads(base64.urlsafe_b64decode(token))["machine"])
    except (TypeError, KeyError, ValueError, binascii.Error):
        return None


@patch(MODULE, "_invoke_with_callback")
def wait_for_the_token(_: Any, resource: str, arguments: Any, token: str, state: Any) -> Any:
    """Calls the service, then waits for the callback, for at most TimeoutSeconds or until the execution ends.

    If the call fails, the task fails. ministack keeps waiting after the execution is stopped, and ignores the errors
    of a Lambda function.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    called_back = threading.Event()
    execution = stepfunctions_role.execution_arn()
    task: dict[str, Any] = {
        "event": called_back,
        "result": None,
        "error": None,
        "heartbeat": None,
        "execution": execution,
    }
    stepfunctions._task_tokens[token] = task
    try:
        stepfunctions._invoke_resource(resource.replace(PATTERN, ""), arguments)
        stepfunctions_waits.wait_until(called_back.is_set, state.get("TimeoutSeconds"))
    finally:
        stepfunctions._task_tokens.pop(token, None)
    if task["error"]:
        raise stepfunctions._ExecutionError(task["error"]["Error"], task["error"]["Cause"])
    return json.loads(task["result"])


@patch(MODULE, "_send_task_success")
def check_task_success(send: Any, data: Any) -> Any:
    """An output that is not JSON is rejected as InvalidOutput. The token is checked as in `check_task_failure`.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    """
    error = _token_error(data)
    if error:
        return error
    try:
        json.loads(data.get("output", ""))
    except ValueError:
        return error_response_json("InvalidOutput", "Invalid Output: 'the output is not JSON'", 400)
    return send(data)


@patch(MODULE, "_send_task_failure")
def check_task_failure(send: Any, data: Any) -> Any:
    """An unknown token is rejected as InvalidToken, the token of a task that has ended as TaskTimedOut.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
    """
    return _token_error(data) or send(data)


@patch(MODULE, "_send_task_heartbeat")
def check_task_heartbeat(send: Any, data: Any) -> Any:
    """The same for a heartbeat.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html
    """
    return _token_error(data) or send(data)


def _token_error(data: Any) -> Any:
    token = data.get("taskToken")
    task = stepfunctions._task_tokens.get(token)
    if task and not task["event"].is_set() and stepfunctions_role.is_running(task["execution"]):
        return None
    if task or machine_of(token):
        return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
    return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)


@patch("core.iam_actions", "extract_resource_arn")
def find_the_state_machine_of_a_token(extract: Any, service: str, *request: Any) -> Any:
    """The callback of a task token is authorized on the state machine of its task.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html#granttaskresponseidentity
    """
    arn = extract(service, *request)
    if service != "states" or arn != "*":
        return arn
    _method, _path, _headers, body = request[:4]
    try:
        return machine_of(json.loads(body or b"{}").get("taskToken")) or arn
    except (ValueError, AttributeError):
        return arn
