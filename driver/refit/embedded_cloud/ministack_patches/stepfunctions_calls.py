"""Step Functions calls a service as the machine's role: a signed request to this very cloud, like anybody's.

So IAM decides as it does for Lambdas, with the role that is passed on, the tags and every other resource of a request.
"""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import UnknownServiceError
from botocore.validate import ParamValidator
from ministack.core.responses import get_region
from ministack.services import stepfunctions

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import Actor

# The names that a resource's ARN has for services that botocore knows by another one.
BOTOCORE_NAMES = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs"}
# One attempt: whether to try again is up to the state's Retry.
CONFIG = Config(
    s3={"addressing_style": "path"}, proxies={}, retries={"total_max_attempts": 1}, parameter_validation=False
)
# What Step Functions finds in arguments by itself; lengths, ranges and patterns are up to the service.
PROBLEMS = ("Missing required parameter", "Unknown parameter", "Invalid type")

_session = botocore.session.Session()
_lock = threading.Lock()


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
