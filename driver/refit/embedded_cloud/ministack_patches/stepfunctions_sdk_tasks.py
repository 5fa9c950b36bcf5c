"""Step Functions: AWS SDK integrations, called with the state machine's role.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import stepfunctions

from refit.embedded_cloud.iam_roles import CannotAssumeRole
from refit.embedded_cloud.ministack_patches import stepfunctions_role
from refit.embedded_cloud.ministack_patches.patching import patch

stepfunctions._AWS_SDK_ERROR_PREFIX["sagemaker"] = "SageMaker"


@patch("services.stepfunctions", "_invoke_aws_sdk_integration")
def call_with_the_role(invoke: Any, resource: str, arguments: Any) -> Any:
    """Calls the operation with the role's permissions; errors are named as in the AWS SDK for Java 2.x.

    An error that the service model declares for the operation is <Service>.<Name>Exception, any other is
    <Service>.<Service>Exception. The Cause is the message with the service, status code and request ID. Operations
    with a body (S3) are supported too.
    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    actor = stepfunctions_role.current_actor()
    if actor is None:
        return invoke(resource, arguments)
    service, action = resource.split(":")[6:8]
    operation = action[:1].upper() + action[1:]
    shapes = stepfunctions_role.operation_model(service, operation)
    try:
        response = stepfunctions_role.call(actor, service, operation, _request(arguments or {}, shapes.input_shape))
    except CannotAssumeRole as error:
        prefix = _prefix(service)
        raise stepfunctions._ExecutionError(f"{prefix}.{prefix}Exception", str(error)) from error
    except ClientError as error:
        raise stepfunctions._ExecutionError(*_failure(service, shapes, error)) from error
    plain = _plain(response)
    return stepfunctions._sdk_json_value(plain, shapes.output_shape) if shapes.output_shape else plain


def _request(arguments: dict[str, Any], shape: Any) -> dict[str, Any]:
    """The arguments with the model's member names; a body that is not text becomes JSON text."""
    renamed = stepfunctions._sdk_json_param_value(arguments, shape) if shape else arguments
    bodies = {name for name, member in shape.members.items() if member.type_name == "blob"} if shape else set()
    return {name: _body(value) if name in bodies else value for name, value in renamed.items()}


def _body(value: Any) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))).encode()


def _plain(value: Any) -> Any:
    """A response value as JSON: bodies as text, times in ISO 8601 to the millisecond."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if hasattr(value, "read"):
        value = value.read()
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _failure(service: str, shapes: Any, error: ClientError) -> tuple[str, str]:
    """Error and Cause, named like the exception class that aws/aws-sdk-java-v2's code generator produces."""
    prefix, metadata = _prefix(service), error.response["ResponseMetadata"]
    code = error.response["Error"]["Code"]
    modelled = {shape.error_code: shape.name for shape in shapes.error_shapes}
    name = (
        stepfunctions._api_name_to_sfn_key(modelled.get(code, prefix)).removesuffix("Fault").removesuffix("Exception")
    )
    details = [prefix, f"Status Code: {metadata['HTTPStatusCode']}", f"Request ID: {metadata.get('RequestId', 'null')}"]
    if metadata.get("HostId"):
        details.append(f"Extended Request ID: {metadata['HostId']}")
    cause = f"{error.response['Error'].get('Message') or code} (Service: {', '.join(details)})"
    return f"{prefix}.{name}Exception", cause


def _prefix(service: str) -> str:
    return str(stepfunctions._AWS_SDK_ERROR_PREFIX.get(service, service.capitalize()))
