"""Calls AWS operations with the state machine's role.

A call is a signed request to this cloud. IAM therefore decides as it does for Lambdas, including iam:PassRole, tags
and every other resource of a request.
"""

from __future__ import annotations

import threading
from contextlib import closing
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.config import Config

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import Actor, random_session
from refit.embedded_cloud.step_functions.interpreter.task import Task

STATES = "states.amazonaws.com"
# One attempt: retries are up to the state's Retry. A function may run for 15 minutes.
CONFIG = Config(
    s3={"addressing_style": "path"},
    proxies={},
    retries={"total_max_attempts": 1},
    parameter_validation=False,
    read_timeout=930,
)

_session = botocore.session.Session()
_lock = threading.Lock()


def actor(task: Task) -> Actor:
    """Step Functions with the role of the task's state machine. The session's name is random, as on AWS."""
    return Actor(STATES, task.role_arn, random_session(), task.state_machine_arn)


def call(task: Task, service: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Calls `operation` ("CreateModel") of `service`, both in botocore's names, with arguments that fit it.

    Returns the response as botocore parses it, with ResponseMetadata.

    Raises ClientError if the service rejects the request, CannotAssumeRole if the role cannot be assumed, and another
    BotoCoreError if there is no response.
    """
    region = task.execution_arn.split(":")[3]
    with actor(task).temporary_credentials() as credentials:
        with _lock:  # a session is not thread-safe, but its clients are
            client = _session.create_client(
                service,
                region_name=region,
                endpoint_url=settings.endpoint_url(),
                config=CONFIG,
                aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=credentials.get("AWS_SESSION_TOKEN"),
            )
        with closing(client):
            response: dict[str, Any] = getattr(client, xform_name(operation))(**arguments)
            # A body is read here, while the credentials are valid and the connection is open.
            return {name: value.read() if hasattr(value, "read") else value for name, value in response.items()}
