"""Deployment guardrails: the steps by which traffic shifts to the new fleet, and the alarms that roll it back.

Waits are scaled by REFIT_LOCAL_SECONDS_SCALE. Instances are not emulated: each step has a share of the traffic.
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import ceil, floor
from typing import Any

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import Actor
from refit.embedded_cloud.sagemaker import catalog, execution_role
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.production_variants import instances
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Json, Model
from refit.embedded_cloud.sagemaker.scope import Scope

POLL_SECONDS = 0.02
SIZES = {"CANARY": "CanarySize", "LINEAR": "LinearStepSize"}
MIN_PERCENT = {"CanarySize": 0, "LinearStepSize": 10, "MaximumBatchSize": 5}


class RollbackTriggered(Exception):
    """An alarm went off. The message is the endpoint's FailureReason."""


def check(deployment: Json, config: EndpointConfig) -> None:
    """Checks rules that the service model does not contain: sizes, total waiting time, and alarms. Raises ApiError.

    The rules are those of https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html and
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html; the messages are ours.
    """
    instance_count = instances(config.request["ProductionVariants"])
    blue_green, rolling = deployment.get("BlueGreenUpdatePolicy"), deployment.get("RollingUpdatePolicy")
    if deployment and not instance_count:
        raise invalid("the embedded cloud shifts no traffic of serverless endpoints: omit DeploymentConfig")
    if blue_green and rolling:
        raise invalid("Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy may be specified.")
    name, size = _size(deployment)
    if name and not size:
        raise invalid(f"{name} is required for this update policy.")
    if size:
        _check_size(name, size, instance_count)
    policy = blue_green or rolling or {}
    limit = policy.get("MaximumExecutionTimeoutInSeconds")
    if limit is not None and limit <= _waits(deployment, instance_count):
        raise invalid("MaximumExecutionTimeoutInSeconds must be larger than the total waiting time.")
    for alarm in alarms(deployment):
        for role in sorted(_roles(config)):
            if denied := Actor(execution_role.PRINCIPAL, role, execution_role.SESSION, config.arn).denial(
                "cloudwatch:DescribeAlarms",
                f"arn:aws:cloudwatch:{config.region}:{config.account}:alarm:{alarm}",
            ):
                raise invalid(denied)
        if _state(alarm, config.scope) is None:
            raise invalid(f"The alarm {alarm} does not exist.")


def alarms(deployment: Json) -> list[str]:
    """The names of the alarms that trigger a rollback."""
    return [alarm["AlarmName"] for alarm in deployment.get("AutoRollbackConfiguration", {}).get("Alarms", ())]


def steps(deployment: Json, instance_count: int) -> Iterator[tuple[float, float]]:
    """The steps in order: the new fleet's share of the traffic, and the step's duration on AWS in seconds."""
    policy = deployment.get("BlueGreenUpdatePolicy") or deployment.get("RollingUpdatePolicy") or {}
    routing = policy.get("TrafficRoutingConfiguration") or policy
    wait, last = routing.get("WaitIntervalInSeconds", 0), policy.get("TerminationWaitInSeconds", 0)
    _, size = _size(deployment)
    batch = _instances(size, instance_count) if size else instance_count
    moved = [batch] if routing.get("Type") == "CANARY" else range(batch, instance_count, batch)
    yield from ((each / instance_count, wait) for each in moved)
    # A rolling deployment also monitors its last batch.
    yield 1.0, last if "BlueGreenUpdatePolicy" in deployment else wait


def watch(deployment: Json, scope: Scope, seconds: float) -> None:
    """Waits `seconds` of AWS's time and checks the alarms at least once. Raises RollbackTriggered if one goes off."""
    ends = time.monotonic() + seconds * settings.seconds_scale()
    while True:
        in_alarm = [name for name in alarms(deployment) if _state(name, scope) == "ALARM"]
        if in_alarm:
            raise RollbackTriggered(f"The deployment was rolled back because alarms went off: {', '.join(in_alarm)}.")
        left = ends - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, POLL_SECONDS))


def _roles(config: EndpointConfig) -> set[str]:
    variants = config.request["ProductionVariants"]
    return {catalog.get(Model, config.scope, variant["ModelName"]).request["ExecutionRoleArn"] for variant in variants}


def _size(deployment: Json) -> tuple[str, Json | None]:
    """The member with the batch size, and its value; an empty name and None if all traffic shifts at once."""
    if rolling := deployment.get("RollingUpdatePolicy"):
        return "MaximumBatchSize", rolling["MaximumBatchSize"]
    routing = deployment.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration", {})
    name = SIZES.get(routing.get("Type", ""), "")
    return name, routing.get(name) if name else None


def _check_size(name: str, size: Json, instance_count: int) -> None:
    value = size["Value"]
    percent = value if size["Type"] == "CAPACITY_PERCENT" else 100 * value / instance_count
    if percent < MIN_PERCENT[name] or percent > 50 or _instances(size, instance_count) > floor(instance_count / 2):
        raise invalid(f"{name} must be between {MIN_PERCENT[name]}% and 50% of the {instance_count} instances.")


def _instances(size: Json, instance_count: int) -> int:
    value = int(size["Value"])
    return ceil(instance_count * value / 100) if size["Type"] == "CAPACITY_PERCENT" else value


def _waits(deployment: Json, instance_count: int) -> float:
    return sum(seconds for _, seconds in steps(deployment, instance_count))


def _state(name: str, scope: Scope) -> Any:
    """The state of a CloudWatch alarm; None if the alarm does not exist."""
    from ministack.services import cloudwatch

    for stored in (cloudwatch._alarms, cloudwatch._composite_alarms):
        if alarm := stored.get_scoped(scope.account, scope.region, name):
            return alarm["StateValue"]
    return None
