"""Step Functions acts with the state machine's role; ministack runs its tasks without asking."""

from __future__ import annotations

import contextvars
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from refit.embedded_cloud.iam_roles import Actor
from refit.embedded_cloud.ministack_patches.patching import around

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
    machine = actor()
    denied = machine.denial("lambda:InvokeFunction", arn) if machine else None
    if denied:
        details = "(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)"
        raise stepfunctions._ExecutionError("Lambda.AWSLambdaException", f"{denied} {details}")
    return call(function, event)


def actor() -> Actor | None:
    """Step Functions with the role of the machine whose execution this is; None outside an execution.

    TestState and the like act for their caller.
    """
    execution = stepfunctions._executions.get(_execution.get())
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
    if machine is None:
        return None
    return Actor(STATES, machine["roleArn"], execution["name"], machine["stateMachineArn"])


def is_running() -> bool:
    """Whether the execution that this thread works for still runs; True outside an execution."""
    arn = _execution.get()
    return not arn or (stepfunctions._executions.get(arn) or {}).get("status") == "RUNNING"
