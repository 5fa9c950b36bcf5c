"""What runs created in SageMaker and Terraform does not manage: the endpoint with its price, endpoint configs, models.

A destroy of the stack leaves them behind, and AWS bills the endpoint until it is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.aws import serving_resources, target
from refit.aws.endpoint import EndpointStatus
from refit.aws.serving_resources import ServingResources
from refit.aws.session import Aws
from refit.costs.prices import PRICES, Prices
from refit.domain.formatting import counted
from refit.errors import TerraformError
from refit.pipeline import files as pipeline
from refit.project import PipelineRef


def serving(ref: PipelineRef, state: Mapping[str, Any]) -> tuple[Aws, ServingResources]:
    """What runs of the stack in `state` created in SageMaker, and the clients for it.

    After a destroy, the state has no names and the pipeline file is read. Raises InvalidPipeline and AwsError.
    """
    outputs = {name: output.get("value") for name, output in state.get("values", {}).get("outputs", {}).items()}
    if {"pipeline", "endpoint", "region"} <= outputs.keys():
        names, region = (outputs["pipeline"], outputs["endpoint"]), outputs["region"]
    else:
        declared = pipeline.load(ref)
        names, region = (declared.pipeline, declared.endpoint_name), declared.region
    aws = target.clients(ref, region)
    return aws, serving_resources.found(aws, *names)


def refuse_endpoint(ref: PipelineRef, aws: Aws, resources: ServingResources) -> None:
    """Raises TerraformError if there is an endpoint, which a destroy would leave in service."""
    if resources.endpoint:
        raise TerraformError(
            f"{described(resources, aws)}: Terraform does not manage them and would leave them; nothing has been "
            "destroyed",
            f"to delete them too: refit terraform destroy {ref.key} --delete-endpoint; to leave the endpoint in "
            f"service: refit terraform destroy {ref.key} --keep-endpoint",
        )


def described(resources: ServingResources, aws: Aws) -> str:
    """`the endpoint prices (InService, 2 × ml.m5.large, about $5.52 a day), 3 endpoint configs and 2 models exist`."""
    listed = f"{counted(len(resources.configs), 'endpoint config')} and {counted(len(resources.models), 'model')} exist"
    if resources.endpoint is None:
        return f"{listed} (free of charge)"
    return f"the endpoint {priced(resources.endpoint, aws.region, embedded=aws.is_embedded)}, {listed}"


def per_day(endpoint: EndpointStatus, prices: Prices | None) -> float | None:
    """What the instances of the endpoint cost in a day, in US dollars.

    None if a price is unknown, for example that of a serverless endpoint, which is billed by request.
    """
    total = 0.0
    for variant in endpoint.variants:
        price = prices.endpoint_hour.get(variant.instance_type) if prices else None
        if price is None or variant.asked is None:
            return None
        total += 24 * price * variant.asked
    return round(total, 2) if endpoint.variants else None


def priced(endpoint: EndpointStatus, region: str, *, embedded: bool, table: Mapping[str, Prices] = PRICES) -> str:
    """`home-prices (InService, 2 × ml.m5.large, about $5.52 a day)`; with `embedded`, the price is that on AWS."""
    price = per_day(endpoint, table.get(region))
    cost = "billed by AWS at a price that Refit does not know" if price is None else f"about ${price:,.2f} a day"
    fleet = [f"{one.asked} × {one.instance_type}" if one.instance_type else "serverless" for one in endpoint.variants]
    return f"{endpoint.name} ({', '.join([endpoint.status, *fleet, cost])}{' on AWS' if embedded and price else ''})"
