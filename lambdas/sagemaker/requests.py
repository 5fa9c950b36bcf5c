"""Builds the requests for a run's model and endpoint config, and the identity of a model. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.domain import endpoint_config
from refit.domain.run_document import Run


def model_name(run: Run) -> str:
    """The model that the run deploys: its own, or that of an earlier run in a redeployment or a rollback."""
    return run.get("model") or run["name"]


def model_request(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """CreateModel's parameters; the container gets `settings.environment` as environment variables.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
    """
    return {
        "ModelName": run["name"],
        "PrimaryContainer": {
            "Image": run["image"],
            "ModelDataUrl": run["status"]["model_data"],
            "Environment": settings["environment"],
        },
        "ExecutionRoleArn": settings["role_arn"],
        "EnableNetworkIsolation": settings["network_isolation"],
        "Tags": run["tags"],
    }


def config_request(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """CreateEndpointConfig's parameters for the model that the run deploys."""
    return endpoint_config.request(run["name"], model_name(run), settings, run["tags"])


def model_identity(model: Mapping[str, Any]) -> dict[str, object]:
    """The properties that must match for a model to be adopted, either from a request or from DescribeModel.

    A model of someone else may lack any of them: it has several containers, or a model package instead of an image.
    """
    container = model.get("PrimaryContainer", {})
    return {
        "image": container.get("Image"),
        "model data": container.get("ModelDataUrl"),
        "environment": container.get("Environment", {}),
        "role": model.get("ExecutionRoleArn"),
        "network isolation": model.get("EnableNetworkIsolation", False),
    }
