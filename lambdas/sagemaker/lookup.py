"""What SageMaker has under a name, or None when it says that there is nothing: any other refusal stays an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.sagemaker import error_messages


def endpoint(name: str) -> Mapping[str, Any] | None:
    """The endpoint, as DescribeEndpoint answers."""
    try:
        return clients.sagemaker().describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error_messages.endpoint_missing(error):
            return None
        raise


def endpoint_config(name: str) -> Mapping[str, Any] | None:
    """The endpoint config, as DescribeEndpointConfig answers."""
    try:
        return clients.sagemaker().describe_endpoint_config(EndpointConfigName=name)
    except ClientError as error:
        if error_messages.endpoint_config_missing(error):
            return None
        raise


def model(name: str) -> Mapping[str, Any] | None:
    """The model, as DescribeModel answers."""
    try:
        return clients.sagemaker().describe_model(ModelName=name)
    except ClientError as error:
        if error_messages.model_missing(error):
            return None
        raise
