"""Runs the real handlers of the Lambda functions in this process, on AWS clients that answer at random.

The answers are those of `service_answers`, as botocore parses them. Nothing is sent.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from importlib import import_module
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import validate_parameters

from lambdas.slack import api as slack
from lambdas.slack import token as slack_token
from refit.domain.errors import StateError
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.support.lambdas.stage import Context
from tests.support.random_walk import failures
from tests.support.random_walk.service_answers import Answers
from tests.support.random_walk.shapes import TEXTS

HANDLERS = {
    "StartTrainingJob": "start_training_job",
    "GetStatus": "get_status",
    "DeployModel": "deploy_model",
    "UpdateParameters": "update_parameters",
    "CleanUp": "clean_up",
    "NotifySlack": "notify_slack",
}
"""The states whose functions run; those of the others need data, which is not random."""
EXPECTED = (StateError, ClientError, BotoCoreError)
"""The errors that a handler may raise. Any other is a fault of its own."""


def call(state: str, event: Any, answers: Answers, rng: random.Random, fails: float) -> Any:
    """The result of the handler of `state`. Raises StatesError, and AssertionError for a fault of the handler.

    `fails` is the share of its calls to AWS that fail.
    """
    handler = import_module(f"lambdas.{HANDLERS[state]}").handler
    with _aws(answers, rng, fails), redirect_stdout(io.StringIO()):
        try:
            return handler(json.loads(json.dumps(event)), Context())
        except EXPECTED as error:
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            raise StatesError(type(error).__name__, json.dumps(told)) from error


@contextmanager
def _aws(answers: Answers, rng: random.Random, fails: float) -> Iterator[None]:
    def ask(client: BaseClient, name: str, parameters: Mapping[str, Any]) -> Any:
        model = client.meta.service_model.operation_model(name)
        if model.input_shape is not None:
            validate_parameters(dict(parameters), model.input_shape)
        service, action = client.meta.service_model.service_name, name[0].lower() + name[1:]
        answers.requests[action] = parameters
        if rng.random() < fails:
            raise _refused(service, action, rng)
        try:
            return _parsed(answers.answer(service, action, parameters, rng), model.output_shape)
        except StatesError as error:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": error.cause or ""}}, name) from error

    def post(*_: Any) -> slack.Result:
        return slack.Result(rng.choice((slack.OK, slack.OK, "ratelimited", "message_not_found")), "C1", "1.2")

    slack_token.forget()
    with patch.object(BaseClient, "_make_api_call", ask), patch.object(slack, "call", post):
        yield


def _refused(service: str, action: str, rng: random.Random) -> Exception:
    if rng.random() < 0.1:
        return EndpointConnectionError(endpoint_url=f"https://{service}")
    declared = [shape.name for shape in failures.operation(service, action).error_shapes]
    code = rng.choice((*declared, "ValidationException", "ValidationException", "AccessDenied", "ThrottlingException"))
    likely = failures.QUOTAS if code == "ResourceLimitExceeded" else failures.LIKELY.get(action, TEXTS)
    error = {"Code": code, "Message": rng.choice((*likely, rng.choice(TEXTS)))}
    status = {"HTTPStatusCode": rng.choice((400, 400, 500)), "RetryAttempts": 2}
    return ClientError({"Error": error, "ResponseMetadata": status}, action)  # type: ignore[arg-type,typeddict-item]


def _parsed(value: Any, shape: Shape | None) -> Any:
    """A response as botocore parses it: instants are datetimes, and a body is a stream."""
    if isinstance(shape, StructureShape):
        return {name: _parsed(member, shape.members.get(name)) for name, member in value.items()}
    if isinstance(shape, ListShape):
        return [_parsed(member, shape.member) for member in value]
    if isinstance(shape, MapShape):
        return {name: _parsed(member, shape.value) for name, member in value.items()}
    match shape.type_name if shape else None:
        case "timestamp":
            return datetime.fromisoformat(value)
        case "float" | "double":
            return float(value)
        case "blob":
            return io.BytesIO(value.encode())
    return value
