"""Step Functions: tasks use the state machine's role; ministack runs them without checking permissions.

SDK tasks are signed requests to this cloud with the role's credentials. IAM therefore decides as it does for Lambdas,
including iam:PassRole, tags and every other resource of a request.
"""

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
from refit.embedded_cloud.iam_roles import Actor, random_session
from refit.embedded_cloud.ministack_patches.patching import patch

STATES = "states.amazonaws.com"
# Services whose name in a task's resource ARN differs from botocore's.
BOTOCORE_NAMES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
# One attempt: retries are up to the state's Retry.
CONFIG = Config(
    s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 1}, parameter_validation=False
)
# The checks of arguments that Step Functions makes itself; the service checks lengths, ranges and patterns.
PROBLEMS = ("Missing required parameter", "Unknown parameter", "Invalid type")

_execution: contextvars.ContextVar[str] = contextvars.ContextVar("refit_execution", default="")
_session = botocore.session.Session()
_lock = threading.Lock()


@patch("services.stepfunctions", "_run_execution")
def remember_the_execution(run: Any, arn: str) -> None:
    """The tasks of an execution use the role of its state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    """
    _execution.set(arn)
    run(arn)


@patch("services.stepfunctions", "_call_lambda")
def check_invoke_permission(call: Any, function: str, event: Any) -> Any:
    """A task whose role lacks lambda:InvokeFunction fails with Lambda.AWSLambdaException, caused by AccessDenied.

    https://docs.aws.amazon.com/step-functions/latest/dg/lambda-iam.html
    """
    arn = function
    if not arn.startswith("arn:"):
        arn = f"arn:aws:lambda:{get_region()}:{get_account_id()}:function:{function}"
    actor = current_actor()
    denied = actor.denial("lambda:InvokeFunction", arn) if actor else None
    if denied:
        details = "(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException)"
        raise stepfunctions._ExecutionError("Lambda.AWSLambdaException", f"{denied} {details}")
    return call(function, event)


def current_actor() -> Actor | None:
    """Step Functions with the role of the current execution's state machine; None outside an execution.

    Outside an execution, as in TestState, the caller's own permissions apply.
    """
    execution = stepfunctions._executions.get(_execution.get())
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
    if machine is None:
        return None
    return Actor(STATES, machine["roleArn"], random_session(), machine["stateMachineArn"])


def execution_arn() -> str:
    """The ARN of this thread's execution; empty outside an execution."""
    return _execution.get()


def is_running(arn: str | None = None) -> bool:
    """Whether an execution is still running, by default this thread's; True outside an execution."""
    arn = execution_arn() if arn is None else arn
    return not arn or (stepfunctions._executions.get(arn) or {}).get("status") == "RUNNING"


def model(service: str) -> Any:
    """botocore's model of a service. Raises _ExecutionError if the service does not exist."""
    try:
        with _lock:
            return _session.get_service_model(BOTOCORE_NAMES.get(service, service))
    except UnknownServiceError:
        raise stepfunctions._ExecutionError("States.Runtime", f"there is no service {service!r}") from None


def operation_model(service: str, operation: str) -> Any:
    """botocore's model of an operation. Raises _ExecutionError if the operation does not exist."""
    service_model = model(service)
    if operation not in service_model.operation_names:
        raise stepfunctions._ExecutionError("States.Runtime", f"{service} has no operation {operation}")
    return service_model.operation_model(operation)


def call(actor: Actor, service: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Calls `operation` ("CreateModel") with the actor's role, and returns the response as botocore parses it.

    Raises ClientError if the service rejects the request, CannotAssumeRole if the role cannot be assumed, and
    _ExecutionError for arguments that Step Functions would not send.
    """
    shape = operation_model(service, operation).input_shape
    report = ParamValidator().validate(arguments, shape).generate_report() if shape else ""
    problems = [line for line in report.splitlines() if line.startswith(PROBLEMS)]
    if problems:
        cause = f"The Parameters could not be used to start the Task: [{'; '.join(problems)}]"
        raise stepfunctions._ExecutionError("States.Runtime", cause)
    with actor.temporary_credentials() as credentials:
        with _lock:  # a session is not thread-safe, but its clients are
            client = _session.create_client(
                BOTOCORE_NAMES.get(service, service),
                region_name=get_region(),
                endpoint_url=settings.endpoint_url(),
                config=CONFIG,
                aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
            )
        response: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
    response.pop("ResponseMetadata", None)
    return response
