"""Builds the DeploymentConfig of UpdateEndpoint from a pipeline's `endpoint.deployment`. Pure.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
"""

from __future__ import annotations

from typing import Any

from refit.pipeline.model import Pipeline
from refit.pipeline.schema.deployment import Deployment

SIZES = {"canary": "CanarySize", "linear": "LinearStepSize"}


def of(pipeline: Pipeline) -> dict[str, Any] | None:
    """The DeploymentConfig of a pipeline; None for all-at-once, which is SageMaker's default."""
    deployment = pipeline.endpoint.deployment
    if not deployment.guarded:
        return None
    alarms = [{"AlarmName": name} for name in pipeline.rollback_alarms]
    return {**_policy(deployment), "AutoRollbackConfiguration": {"Alarms": alarms}}


def _policy(deployment: Deployment) -> dict[str, Any]:
    size = {"Type": "CAPACITY_PERCENT", "Value": deployment.batch_percent}
    wait = {"WaitIntervalInSeconds": deployment.wait_seconds}
    minutes = deployment.timeout_minutes
    limit = {} if minutes is None else {"MaximumExecutionTimeoutInSeconds": 60 * minutes}
    if deployment.strategy == "rolling":
        return {"RollingUpdatePolicy": {"MaximumBatchSize": size, **wait, **limit}}
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": deployment.strategy.upper(),
                SIZES[deployment.strategy]: size,
                **wait,
            },
            "TerminationWaitInSeconds": deployment.termination_wait_seconds,
            **limit,
        }
    }
