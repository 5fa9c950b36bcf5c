"""Checks the account's SageMaker quotas for the instance types that a pipeline trains and serves with.

https://docs.aws.amazon.com/sagemaker/latest/dg/regions-quotas.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from refit.aws.session import Aws, calling
from refit.doctor.results import Check, not_checked, not_ok, ok
from refit.errors import RefitError
from refit.pipeline.model import Pipeline

TRAINING = "training quota"
ENDPOINT = "endpoint quota"


def check(pipeline: Pipeline, aws: Aws) -> Iterator[Check]:
    """Checks the quotas for training and for the endpoint. The account's other use of the same quotas is unknown."""
    needs = (
        (TRAINING, f"{pipeline.training.instance_type} for training job usage", pipeline.training.instance_count),
        (ENDPOINT, f"{pipeline.endpoint.instance_type} for endpoint usage", _during_deployment(pipeline)),
    )
    if aws.is_embedded:
        yield from (not_checked(subject, "the embedded cloud has no quotas") for subject, _, _ in needs)
        return
    try:
        quotas = _quotas(aws)
    except RefitError as error:
        advice = "allow servicequotas:ListServiceQuotas, or look in the Service Quotas console"
        yield from (not_checked(subject, str(error), advice) for subject, _, _ in needs)
        return
    for subject, name, needed in needs:
        yield _compare(subject, name, needed, quotas.get(name), aws.region)


def _during_deployment(pipeline: Pipeline) -> int:
    """The maximum number of instances at a time: a blue/green deployment runs both fleets, a rolling one adds a batch.

    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
    """
    count = pipeline.endpoint.instance_count
    deployment = pipeline.endpoint.deployment
    return count + (deployment.batch_size(count) if deployment.strategy == "rolling" else count)


def _compare(subject: str, name: str, needed: int, quota: dict[str, Any] | None, region: str) -> Check:
    if quota is None:
        return not_checked(subject, f'AWS lists no quota called "{name}" in {region}', "look in Service Quotas")
    allowed = int(quota["Value"])
    if allowed < needed:
        request = (
            "aws service-quotas request-service-quota-increase --service-code sagemaker "
            f"--quota-code {quota['QuotaCode']} --desired-value {needed} --region {region}"
        )
        return not_ok(subject, f"{name}: {allowed}, but this pipeline needs {needed}", request)
    return ok(subject, f"{name}: {allowed}, and this pipeline needs {needed}")


def _quotas(aws: Aws) -> dict[str, dict[str, Any]]:
    """Every SageMaker quota by name: the applied value if there is one, otherwise AWS's default."""
    quotas: dict[str, dict[str, Any]] = {}
    client = aws.client("service-quotas")
    with calling("list the SageMaker quotas"):
        for operation in ("list_aws_default_service_quotas", "list_service_quotas"):
            for page in client.get_paginator(operation).paginate(ServiceCode="sagemaker"):
                quotas |= {quota["QuotaName"]: quota for quota in page["Quotas"]}
    return quotas
