"""DeployModel's input, an existing endpoint, and the changes that the in-memory SageMaker received."""

from __future__ import annotations

from typing import Any

from tests.support.lambdas.fakes import NOW, SageMaker
from tests.support.lambdas.stage import IMAGE, JOB_COMPLETED, Pipeline, run_document

OLD, OTHER = "home-prices-20261121-ffffffff", "by-hand"
NAME = run_document()["name"]


SETTINGS = {
    "role_arn": "arn:aws:iam::123456789012:role/refit-home-prices-sagemaker",
    "instance_type": "ml.m5.large",
    "instance_count": 2,
    "deployment_config": None,
    "environment": {},
    "network_isolation": True,
}


CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
            "WaitIntervalInSeconds": 300,
        },
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "refit-home-prices-endpoint-errors"}]},
}


def event(
    watermark: str | None = "2026-11-21", status: dict[str, Any] = JOB_COMPLETED, image: str = IMAGE, **settings: Any
) -> Any:
    run = run_document(status=status, watermark=watermark, image=image)
    return {"run": run, "now": "2026-11-22T06:05:00Z", "settings": SETTINGS | settings}


def existing(sagemaker: SageMaker, status: str, config: str = OLD, towards: str | None = None, count: int = 2) -> None:
    """An endpoint on `config`, perhaps being changed `towards` another."""
    for name in {config, towards or config} - {NAME}:
        variant = {"VariantName": "AllTraffic", "ModelName": name, "InitialInstanceCount": count}
        sagemaker.configs[name] = {"EndpointConfigName": name, "ProductionVariants": [variant]}
    sagemaker.endpoints["home-prices"] = {
        "EndpointName": "home-prices",
        "EndpointConfigName": config,
        "EndpointStatus": status,
        "LastModifiedTime": NOW.timestamp(),
        "Arn": "arn:…",
    }
    if towards:
        sagemaker.endpoints["home-prices"]["PendingDeploymentSummary"] = {"EndpointConfigName": towards}


def serve(sagemaker: SageMaker, pipeline: Pipeline, status: str = "InService", **of_variant: Any) -> str:
    """An endpoint on a config that an earlier run created, one instance of ml.m5.large by default; the model's name."""
    name = f"{pipeline.name}-20261121-ffffffff"
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        **of_variant,
    }
    sagemaker.configs[name] = {"EndpointConfigName": name, "ProductionVariants": [variant]}
    sagemaker.endpoints[pipeline.name] = {
        "EndpointName": pipeline.name,
        "EndpointConfigName": name,
        "EndpointStatus": status,
        "LastModifiedTime": NOW.timestamp(),
    }
    return name


def changes(sagemaker: SageMaker) -> list[str]:
    return [name for name, _ in sagemaker.calls if name in ("CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint")]
