"""AWS SDK integrations: `arn:aws:states:::aws-sdk:<service>:<operation>`.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from refit.embedded_cloud.iam_roles import CannotAssumeRole
from refit.embedded_cloud.step_functions.definition import service_models
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import arguments, calls, sdk_names
from refit.embedded_cloud.step_functions.integrations.resource import Resource
from refit.embedded_cloud.step_functions.interpreter.task import Task


def run(task: Task, resource: Resource) -> Any:
    """Calls the operation, and returns its response as the SDK for Java 2.x names it. Raises StatesError.

    The definition was checked, so the service and the operation exist.
    """
    service = service_models.services().get(resource.service, resource.service)
    shapes = service_models.model(service).operation_model(resource.operation)
    request = _request(task.arguments or {}, shapes.input_shape)
    name = sdk_names.prefix(resource.service)
    try:
        response = calls.call(task, service, resource.operation, request)
    except CannotAssumeRole as error:
        raise StatesError(f"{name}.{name}Exception", str(error)) from error
    except ClientError as error:
        raise _failure(resource.service, service_models.model(service).error_shapes, error) from error
    except BotoCoreError as error:
        raise StatesError(f"{name}.SdkClientException", f"Unable to execute HTTP request: {error}") from error
    response.pop("ResponseMetadata")
    return sdk_names.from_model(response, shapes.output_shape)


def _request(given: Any, shape: Any) -> dict[str, Any]:
    """The arguments with the model's names; a body that is not text becomes JSON text."""
    renamed = sdk_names.to_model(given, shape) if shape is not None else given
    bodies = {name for name, each in shape.members.items() if each.type_name == "blob"} if shape is not None else set()
    if isinstance(renamed, dict):
        renamed = {name: _body(value) if name in bodies else value for name, value in renamed.items()}
    return arguments.check(renamed, shape)


def _body(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))).encode()


def _failure(service: str, shapes: Any, error: ClientError) -> StatesError:
    """Error and Cause of an error response: the message with the service, the status code and the request's ID."""
    metadata, answered = error.response["ResponseMetadata"], error.response["Error"]
    details = [
        f"Service: {sdk_names.prefix(service)}",
        f"Status Code: {metadata['HTTPStatusCode']}",
        f"Request ID: {metadata.get('RequestId', 'null')}",
        *([f"Extended Request ID: {metadata['HostId']}"] if metadata.get("HostId") else []),
    ]
    cause = f"{answered.get('Message') or answered['Code']} ({', '.join(details)}) (SDK Attempt Count: 1)"
    return StatesError(sdk_names.exception(service, shapes, answered["Code"]), cause)
