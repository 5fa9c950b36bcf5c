"""Step Functions: tasks that wait until somebody sends their token back.

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
from refit.embedded_cloud.ministack_patches.patching import around

MODULE = "services.stepfunctions"
PATTERN = ".waitForTaskToken"


@around(MODULE, "_apply_jsonata_arguments")
def give_a_token_in_jsonata(apply: Any, state: Any, raw_input: Any, ctx: Any = None) -> Any:
    """Each attempt of a task has a token of its own, in the context object; ministack gives one to all of them.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-contextobject
    """
    _give_a_token(state, ctx)
    return apply(state, raw_input, ctx)


@around(MODULE, "_apply_parameters")
def give_a_token_in_jsonpath(apply: Any, state: Any, data: Any, ctx: Any = None) -> Any:
    """The same for tasks in JSONPath.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-contextobject
    """
    _give_a_token(state, ctx)
    return apply(state, data, ctx)


def _give_a_token(state: Any, ctx: Any) -> None:
    if ctx is not None and PATTERN in state.get("Resource", ""):
        told = json.dumps({"machine": ctx["StateMachine"]["Id"], "task": uuid.uuid4().hex})
        ctx["Task"] = {"Token": base64.urlsafe_b64encode(told.encode()).decode()}


def machine_of(token: Any) -> str | None:
    """The ARN of the state machine whose task was given the token; None for what no task was given."""
    try:
        return str(json.loads(base64.urlsafe_b64decode(token))["machine"])
    except (TypeError, KeyError, ValueError, binascii.Error):
        return None


@around(MODULE, "_invoke_with_callback")
def wait_for_the_token(_: Any, resource: str, arguments: Any, token: str, state: Any) -> Any:
    """Calls the service, then waits: for the token, for TimeoutSeconds, or until the execution has ended.

    What fails the call fails the task. ministack waits on when the execution is stopped, and ignores what a Lambda
    function raises.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    """
    came = threading.Event()
    execution = stepfunctions_role.execution_arn()
    task: dict[str, Any] = {"event": came, "result": None, "error": None, "heartbeat": None, "execution": execution}
    stepfunctions._task_tokens[token] = task
    try:
        stepfunctions._invoke_resource(resource.replace(PATTERN, ""), arguments)
        stepfunctions_waits.until(came.is_set, state.get("TimeoutSeconds"))
    finally:
        stepfunctions._task_tokens.pop(token, None)
    if task["error"]:
        raise stepfunctions._ExecutionError(task["error"]["Error"], task["error"]["Cause"])
    return json.loads(task["result"])


@around(MODULE, "_send_task_success")
def accept_an_answer(send: Any, data: Any) -> Any:
    """An answer that is no JSON is InvalidOutput; see `accept_a_failure` for the token.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
    """
    refused = _refused(data)
    if refused:
        return refused
    try:
        json.loads(data.get("output", ""))
    except ValueError:
        return error_response_json("InvalidOutput", "Invalid Output: 'the output is not JSON'", 400)
    return send(data)


@around(MODULE, "_send_task_failure")
def accept_a_failure(send: Any, data: Any) -> Any:
    """A token that no task was given is InvalidToken, one whose task has ended TaskTimedOut.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
    """
    return _refused(data) or send(data)


@around(MODULE, "_send_task_heartbeat")
def accept_a_heartbeat(send: Any, data: Any) -> Any:
    """The same for a heartbeat.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html
    """
    return _refused(data) or send(data)


def _refused(data: Any) -> Any:
    token = data.get("taskToken")
    task = stepfunctions._task_tokens.get(token)
    if task and not task["event"].is_set() and stepfunctions_role.is_running(task["execution"]):
        return None
    if task or machine_of(token):
        return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
    return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)


@around("core.iam_actions", "extract_resource_arn")
def name_the_machine_of_a_token(extract: Any, service: str, *request: Any) -> Any:
    """Who sends a token back is checked on the state machine of its task.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html#granttaskresponseidentity
    """
    found = extract(service, *request)
    if service != "states" or found != "*":
        return found
    _method, _path, _headers, body = request[:4]
    try:
        return machine_of(json.loads(body or b"{}").get("taskToken")) or found
    except (ValueError, AttributeError):
        return found
