"""Step Functions acts with the state machine's role; ministack runs its tasks without asking."""

from __future__ import annotations

import contextvars
import json
from typing import Any

from ministack.core.iam_actions import SERVICE_TO_IAM_NAMESPACE, extract_resource_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from driver.local.fixes.symbols import around
from driver.local.roles import Actor

STATES = "states.amazonaws.com"

_execution: contextvars.ContextVar[str] = contextvars.ContextVar("refit_execution", default="")


@around("services.stepfunctions", "_run_execution")
def act_for_the_machine(run: Any, arn: str) -> None:
    """Everything that an execution's tasks do, they do with its state machine's role.

    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    """
    _execution.set(arn)
    run(arn)


@around("services.stepfunctions", "_call_lambda")
def ask_the_role_to_invoke(call: Any, function: str, event: Any) -> Any:
    """A task whose role lacks lambda:InvokeFunction fails with Lambda.AWSLambdaException, which names AccessDenied.

    https://docs.aws.amazon.com/step-functions/latest/dg/lambda-iam.html
    """
    arn = function
    if not arn.startswith("arn:"):
        arn = f"arn:aws:lambda:{get_region()}:{get_account_id()}:function:{function}"
    denied = _denial("lambda:InvokeFunction", arn)
    if denied:
        details = "(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)"
        raise stepfunctions._ExecutionError("Lambda.AWSLambdaException", f"{denied} {details}")
    return call(function, event)


@around("services.stepfunctions", "_dispatch_aws_sdk_json")
def ask_the_role_to_call(dispatch: Any, info: Any, service: str, action: str, data: Any) -> Any:
    """An AWS SDK task needs the role's permission for the operation on the resource that its arguments name.

    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    key = info.get("service_key", service)
    operation = action[:1].upper() + action[1:]
    headers = {"x-amz-target": f"{info['target_prefix']}.{operation}"}
    wire = json.dumps(stepfunctions._sdk_json_params(info, key, operation, data)).encode()
    resource = extract_resource_arn(key, "POST", "/", headers, wire, {}, get_region(), get_account_id())
    denied = _denial(f"{SERVICE_TO_IAM_NAMESPACE[key]}:{operation}", resource)
    if denied:
        raise stepfunctions._ExecutionError(stepfunctions._prefix_sdk_error(service, "AccessDeniedException"), denied)
    return dispatch(info, service, action, data)


def _denial(action: str, resource: str) -> str | None:
    """None outside an execution too: TestState and the like act for their caller."""
    execution = stepfunctions._executions.get(_execution.get())
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
    if machine is None:
        return None
    return Actor(STATES, machine["roleArn"], execution["name"], machine["stateMachineArn"]).denial(action, resource)
