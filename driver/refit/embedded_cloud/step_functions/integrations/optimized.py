"""What the optimized integrations share: they call with the AWS SDK for Java 1.x, whose results and errors look so.

Recorded: services/test_sns_task_service.snapshot.json, error_handling/test_task_service_sqs.snapshot.json and others
of localstack/localstack.
https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from refit.embedded_cloud.iam_roles import CannotAssumeRole
from refit.embedded_cloud.step_functions.definition import service_models
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import arguments, calls
from refit.embedded_cloud.step_functions.interpreter.task import Task

HEADERS = {
    "content-type": "Content-Type",
    "content-length": "Content-Length",
    "date": "Date",
    "x-amzn-requestid": "x-amzn-RequestId",
    "x-amz-executed-version": "X-Amz-Executed-Version",
    "x-amz-log-result": "X-Amz-Log-Result",
    "x-amzn-trace-id": "X-Amzn-Trace-Id",
}


@dataclass(frozen=True)
class Service:
    """A service: botocore's name, and as SDK 1.x names it the prefix of its errors, its exception, and it in causes."""

    key: str
    prefix: str
    exception: str
    name: str


def call(
    task: Task, service: Service, operation: str, given: Any, prepare: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """Calls the operation; returns botocore's response, with ResponseMetadata. Raises StatesError.

    `prepare` changes the arguments after they were checked for what Step Functions itself converts.
    """
    shape = service_models.model(service.key).operation_model(operation).input_shape
    request = arguments.check(prepare(given) if prepare else given, shape)
    try:
        return calls.call(task, service.key, operation, request)
    except CannotAssumeRole as error:
        raise StatesError(f"{service.prefix}.{service.exception}", str(error)) from error
    except ClientError as error:
        raise _failure(service, error) from error
    except BotoCoreError as error:
        raise StatesError(f"{service.prefix}.SdkClientException", f"Unable to execute HTTP request: {error}") from error


def result(response: dict[str, Any]) -> dict[str, Any]:
    """The task's result: the response's members and the metadata of the SDK, by name; times in milliseconds."""
    metadata = response["ResponseMetadata"]
    headers = {HEADERS.get(name, name): value for name, value in metadata["HTTPHeaders"].items()}
    members = {name: value for name, value in response.items() if name != "ResponseMetadata"}
    members["SdkHttpMetadata"] = {
        "AllHttpHeaders": {name: [value] for name, value in headers.items()},
        "HttpHeaders": headers,
        "HttpStatusCode": metadata["HTTPStatusCode"],
    }
    members["SdkResponseMetadata"] = {"RequestId": metadata.get("RequestId", "")}
    return {name: in_milliseconds(members[name]) for name in sorted(members)}


def in_milliseconds(value: Any) -> Any:
    """The value with its times in milliseconds since 1970."""
    if isinstance(value, dict):
        return {name: in_milliseconds(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_milliseconds(each) for each in value]
    return round(value.timestamp() * 1000) if isinstance(value, datetime) else value


def _failure(service: Service, error: ClientError) -> StatesError:
    """Error and Cause of an error response: the exception that the model declares, else the service's."""
    code, metadata = error.response["Error"]["Code"], error.response["ResponseMetadata"]
    shapes: Any = service_models.model(service.key).error_shapes
    declared = {shape.error_code for shape in shapes}
    name = f"{code.removesuffix('Exception')}Exception" if code in declared else service.exception
    return StatesError(
        f"{service.prefix}.{name}",
        f"{error.response['Error'].get('Message') or 'null'} (Service: {service.name}; "
        f"Status Code: {metadata['HTTPStatusCode']}; Error Code: {code}; "
        f"Request ID: {metadata.get('RequestId', 'null')}; Proxy: null)",
    )
