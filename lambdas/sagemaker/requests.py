"""The model and the endpoint config of a run: what is sent to SageMaker, and what makes two of them the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.domain.run_document import Run

VARIANT = "AllTraffic"


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
    """CreateEndpointConfig's parameters: one variant, named alike in every run so that an update can retain it."""
    variant = {
        "VariantName": VARIANT,
        "ModelName": model_name(run),
        "InstanceType": settings["instance_type"],
        "InitialInstanceCount": settings["instance_count"],
        "InitialVariantWeight": 1.0,
    }
    return {"EndpointConfigName": run["name"], "ProductionVariants": [variant], "Tags": run["tags"]}


def model_identity(model: Mapping[str, Any]) -> dict[str, object]:
    """What must be equal for a model to be adopted; takes what is sent and what DescribeModel answers alike."""
    container = model["PrimaryContainer"]
    return {
        "image": container["Image"],
        "model data": container["ModelDataUrl"],
        "environment": container.get("Environment", {}),
        "role": model["ExecutionRoleArn"],
        "network isolation": model.get("EnableNetworkIsolation", False),
    }


def config_identity(config: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """What must be equal for an endpoint config to be adopted, variant by variant."""
    fields = ("VariantName", "ModelName", "InstanceType", "InitialInstanceCount")
    return [tuple(variant.get(field) for field in fields) for variant in config["ProductionVariants"]]


def same_fleet(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether two configs ask for the same variants in the same numbers.

    Then an update keeps the capacity that autoscaling has reached since (RetainAllVariantProperties). Otherwise the
    pipeline's instance_count was changed, and retaining would silently ignore that.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
    """
    counts = [
        {variant["VariantName"]: variant.get("InitialInstanceCount") for variant in config["ProductionVariants"]}
        for config in (current, wanted)
    ]
    return counts[0] == counts[1]
