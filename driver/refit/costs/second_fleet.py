"""Estimates how long a deployment takes, and how many instance hours it adds to those of the live endpoint. Pure.

A blue/green deployment (`all-at-once`, `canary`, `linear`) starts a whole second fleet, and then stops the old one:
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
A rolling deployment starts one batch at a time, and then stops as many old instances:
https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-rolling.html
"""

from __future__ import annotations

from math import ceil

from refit.costs.transitions import DEPLOYMENT_MINUTES
from refit.pipeline.schema.deployment import Deployment
from refit.pipeline.schema.endpoint import Endpoint


def deployment_minutes(deployment: Deployment) -> int:
    """The minutes from UpdateEndpoint to InService: the start of the instances, once or per batch, and the waits."""
    starts = ceil(100 / deployment.batch_percent) if deployment.strategy == "rolling" else 1
    return DEPLOYMENT_MINUTES * starts + ceil(deployment.waits_seconds / 60)


def extra_instances(endpoint: Endpoint) -> int:
    """The number of instances that run beside those of the live fleet."""
    count = endpoint.instance_count
    return endpoint.deployment.batch_size(count) if endpoint.deployment.strategy == "rolling" else count


def extra_hours(endpoint: Endpoint) -> float:
    """The instance hours that a deployment adds; the first deployment of an endpoint adds none."""
    return extra_instances(endpoint) * deployment_minutes(endpoint.deployment) / 60
