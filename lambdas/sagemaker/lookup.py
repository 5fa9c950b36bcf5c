"""Describes a SageMaker resource by its name; None if it does not exist. Any other error is raised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.sagemaker import error_messages


def endpoint(name: str) -> Mapping[str, Any] | None:
    """The response of DescribeEndpoint. EndpointConfigName, which SageMaker may leave out, is then ""."""
    try:
        return {"EndpointConfigName": "", **clients.sagemaker().describe_endpoint(EndpointName=name)}
    except ClientError as error:
        if error_messages.endpoint_missing(error):
            return None
        raise


def endpoint_config(name: str) -> Mapping[str, Any] | None:
    """The response of DescribeEndpointConfig."""
    try:
        return clients.sagemaker().describe_endpoint_config(EndpointConfigName=name)
    except ClientError as error:
        if error_messages.endpoint_config_missing(error):
            return None
        raise


def model(name: str) -> Mapping[str, Any] | None:
    """The response of DescribeModel."""
    try:
        return clients.sagemaker().describe_model(ModelName=name)
    except ClientError as error:
        if error_messages.model_missing(error):
            return None
        raise
