"""How a new model takes over the traffic: a pipeline's `endpoint.deployment` → UpdateEndpoint's DeploymentConfig. Pure.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIZES = {"canary": "CanarySize", "linear": "LinearStepSize"}


def of(deployment: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parameters that UpdateEndpoint takes for it: none for all-at-once (null), which is SageMaker's own default.

    `deployment` is {strategy, batch_percent, wait_seconds, termination_wait_seconds, timeout_minutes, alarms}.
    """
    if deployment is None:
        return {}
    alarms = [{"AlarmName": name} for name in deployment["alarms"]]
    return {"DeploymentConfig": {**_policy(deployment), "AutoRollbackConfiguration": {"Alarms": alarms}}}


def _policy(deployment: Mapping[str, Any]) -> dict[str, Any]:
    strategy, timeout = deployment["strategy"], deployment["timeout_minutes"]
    size = {"Type": "CAPACITY_PERCENT", "Value": deployment["batch_percent"]}
    wait = {"WaitIntervalInSeconds": deployment["wait_seconds"]}
    limit = {} if timeout is None else {"MaximumExecutionTimeoutInSeconds": 60 * timeout}
    if strategy == "rolling":
        return {"RollingUpdatePolicy": {"MaximumBatchSize": size, **wait, **limit}}
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {"Type": strategy.upper(), SIZES[strategy]: size, **wait},
            "TerminationWaitInSeconds": deployment["termination_wait_seconds"],
            **limit,
        }
    }
