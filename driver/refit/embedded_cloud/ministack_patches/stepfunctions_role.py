"""Step Functions acts with the state machine's role; ministack runs its tasks without asking."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.validate import ParamValidator
from ministack.core.responses import get_account_id, get_region
from ministack.services import stepfunctions

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import Actor
from refit.embedded_cloud.ministack_patches.patching import around

STATES = "states.amazonaws.com"
# The names that a resource's ARN has for services that botocore knows by another one.
BOTOCORE_NAMES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
# One attempt: whether to try again is up to the state's Retry.
CONFIG = Config(
    s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 1}, parameter_validation=False
)
# What Step Functions finds in arguments by itself; lengths, ranges and patterns are up to the service.
PROBLEMS = ("Missing required parameter", "Unknown parameter", "Invalid type")

_execution: contextvars.ContextVar[str] = contextvars.ContextVar("refit_execution", default="")
_session = botocore.session.Session()
_lock = threading.Lock()


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


def execution_arn() -> str:
    """The ARN of the execution that this thread works for; empty outside an execution."""
    return _execution.get()


def is_running(arn: str | None = None) -> bool:
    """Whether an execution still runs, by default the one that this thread works for; True outside an execution."""
    arn = execution_arn() if arn is None else arn
    return not arn or (stepfunctions._executions.get(arn) or {}).get("status") == "RUNNING"


def model(service: str) -> Any:
    """botocore's model of a service. Raises _ExecutionError for one that there is not."""
    try:
        with _lock:
            return _session.get_service_model(BOTOCORE_NAMES.get(service, service))
    except UnknownServiceError:
        raise stepfunctions._ExecutionError("States.Runtime", f"there is no service {service!r}") from None


def shapes(service: str, operation: str) -> Any:
    """The model of an operation. Raises _ExecutionError for one that there is not."""
    known = model(service)
    if operation not in known.operation_names:
        raise stepfunctions._ExecutionError("States.Runtime", f"{service} has no operation {operation}")
    return known.operation_model(operation)


def call(actor: Actor, service: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The answer of `operation` ("CreateModel"), as botocore reads it.

    Raises ClientError when the service refuses, NotAssumed when the role cannot be assumed, and _ExecutionError for
    arguments that Step Functions would not send.
    """
    shape = shapes(service, operation).input_shape
    found = ParamValidator().validate(arguments, shape).generate_report() if shape else ""
    problems = [line for line in found.splitlines() if line.startswith(PROBLEMS)]
    if problems:
        cause = f"The Parameters could not be used to start the Task: [{'; '.join(problems)}]"
        raise stepfunctions._ExecutionError("States.Runtime", cause)
    with actor.acting() as credentials:
        with _lock:  # a session is not safe for threads, its clients are
            client = _session.create_client(
                BOTOCORE_NAMES.get(service, service),
                region_name=get_region(),
                endpoint_url=settings.endpoint_url(),
                config=CONFIG,
                aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
            )
        answer: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
    answer.pop("ResponseMetadata", None)
    return answer
