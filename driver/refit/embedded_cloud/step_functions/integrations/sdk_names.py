"""The names that the AWS SDK for Java 2.x gives to services, members and exceptions; AWS SDK integrations use them.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from refit.embedded_cloud.step_functions.definition.service_models import java_name

# The prefix of a service's errors, where it is not the capitalized name in the Resource.
PREFIXES = {
    "sagemaker": "SageMaker",
    "sagemakerruntime": "SageMakerRuntime",
    "cloudwatch": "CloudWatch",
    "cloudwatchlogs": "CloudWatchLogs",
    "dynamodb": "DynamoDb",
    "eventbridge": "EventBridge",
    "secretsmanager": "SecretsManager",
    "apigateway": "ApiGateway",
    "codebuild": "CodeBuild",
    "elasticache": "ElastiCache",
}


def prefix(service: str) -> str:
    """The prefix of the errors of a service: "S3" for "s3"."""
    return PREFIXES.get(service, service.capitalize())


def exception(service: str, shapes: Any, code: str) -> str:
    """The name of an error with this code: one that the model of the service declares, else the service's own.

    The SDK knows all exceptions of a service in every operation, so an error that the operation does not declare has
    its own name too: S3.NoSuchBucketException of listObjects (recorded: error_handling/test_aws_sdk.snapshot.json of
    localstack/localstack).
    """
    declared = {shape.error_code: shape.name for shape in shapes}
    name = declared.get(code)
    if name is None:
        return f"{prefix(service)}.{prefix(service)}Exception"
    return f"{prefix(service)}.{java_name(name).removesuffix('Fault').removesuffix('Exception')}Exception"


def to_model(value: Any, shape: Any) -> Any:
    """Arguments with the members' names in the service's model; a name that the model lacks is kept."""
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        names = {java_name(name): name for name in shape.members}
        renamed = {(key if key in shape.members else names.get(key, key)): item for key, item in value.items()}
        return {
            name: to_model(item, shape.members[name]) if name in shape.members else item
            for name, item in renamed.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [to_model(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: to_model(item, shape.value) for key, item in value.items()}
    return value


def from_model(value: Any, shape: Any) -> Any:
    """A response as the SDK's JSON: members' names, text of bodies, times in ISO 8601 to the millisecond."""
    if isinstance(value, dict) and shape is not None and shape.type_name == "structure":
        return {
            java_name(name): from_model(item, shape.members.get(name))
            for name, item in value.items()
            if item is not None
        }
    if isinstance(value, dict):
        return {name: from_model(item, getattr(shape, "value", None)) for name, item in value.items()}
    if isinstance(value, list):
        return [from_model(item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.decode(errors="replace") if isinstance(value, bytes) else value
