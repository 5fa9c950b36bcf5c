"""What runs left in SageMaker: found by the names of runs, described with a price, deleted on request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from refit.aws import serving_resources
from refit.aws.endpoint import EndpointStatus, Variant
from refit.aws.session import Aws
from refit.costs.prices import PRICES
from refit.domain.endpoint_config import VariantIdentity
from refit.errors import AwsError, TerraformError
from refit.live import undeclared
from refit.live.status import status
from tests.support.checkout import Checkout
from tests.support.embedded_cloud.customer import IMAGE, Customer
from tests.support.waiting import until

RUNS = ("prices-20261121-0a1b2c3d", "prices-20261122-4e5f6a7b")
OTHERS = ("prices-eu-20261122-0a1b2c3d", "prices-by-hand")


def deploy(customer: Customer, names: tuple[str, ...], endpoint: str) -> None:
    """A model and an endpoint config of each name; the endpoint uses the last one."""
    for name in names:
        customer.sagemaker.create_model(
            ModelName=name,
            PrimaryContainer={"Image": IMAGE, "ModelDataUrl": customer.doubling},
            ExecutionRoleArn=customer.role,
        )
        customer.sagemaker.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=[customer.variant("AllTraffic", name)]
        )
    customer.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=names[-1])
    until(lambda: customer.endpoint(endpoint)["EndpointStatus"], lambda status: status == "InService")


def test_what_a_destroy_leaves_is_named_priced_and_deleted(
    aws: Aws, customer: Customer, tmp_path: Path, exported: None
) -> None:
    deploy(customer, RUNS, "prices")
    deploy(customer, OTHERS, "theirs")
    checkout = Checkout(tmp_path)
    checkout.pipeline("local/prices")
    ref = checkout.project.find("local/prices")

    left = serving_resources.found(aws, "prices", "prices")
    assert left.endpoint is not None
    assert (left.endpoint.name, sorted(left.configs), sorted(left.models)) == ("prices", [*RUNS], [*RUNS])
    words = (
        "the endpoint prices (InService, 2 × ml.m5.large, about $5.52 a day on AWS), "
        "2 endpoint configs and 2 models exist"
    )
    with pytest.raises(TerraformError) as caught:
        undeclared.refuse_endpoint(ref, aws, left)
    assert str(caught.value) == (
        f"{words}: Terraform does not manage them and would leave them; nothing has been destroyed"
    )
    (found,) = status(checkout.project, ["local/prices"])
    assert (found.applied, found.endpoint) == (False, left.endpoint)
    assert found.note == (
        f"not applied, but {words}; to delete them: refit terraform destroy local/prices --delete-endpoint; "
        "to apply: refit terraform apply local/prices"
    )

    # An endpoint config of a run that an endpoint of someone else uses is kept, and with it the models.
    customer.sagemaker.create_endpoint(EndpointName="borrowed", EndpointConfigName=RUNS[0])
    with pytest.raises(AwsError, match=f"the endpoint config {RUNS[0]} is used by another endpoint"):
        serving_resources.delete(aws, left)
    left = serving_resources.found(aws, "prices", "prices")
    assert (left.endpoint, left.configs, sorted(left.models)) == (None, (RUNS[0],), [*RUNS])
    assert undeclared.described(left, aws) == "1 endpoint config and 2 models exist (free of charge)"
    until(lambda: customer.endpoint("borrowed")["EndpointStatus"], lambda status: status == "InService")
    customer.sagemaker.delete_endpoint(EndpointName="borrowed")
    until(lambda: "borrowed" not in {one["EndpointName"] for one in customer.sagemaker.list_endpoints()["Endpoints"]})

    serving_resources.delete(aws, left)
    assert not serving_resources.found(aws, "prices", "prices")
    undeclared.refuse_endpoint(ref, aws, serving_resources.found(aws, "prices", "prices"))
    (found,) = status(checkout.project, ["local/prices"])
    assert found.note == "not applied; run: refit terraform apply local/prices"
    assert not serving_resources.found(aws, "prices", "theirs")
    assert {one["ModelName"] for one in customer.sagemaker.list_models()["Models"]} >= {*OTHERS}


def served(kind: str | None, count: int | None) -> EndpointStatus:
    settings = {"instance_type": kind, "instance_count": count}
    variant = Variant(VariantIdentity("AllTraffic", RUNS[0], settings), count)
    return EndpointStatus("prices", "InService", "", RUNS[0], (variant,))


@pytest.mark.parametrize(
    ("endpoint", "region", "words"),
    [
        (served("ml.m5.xlarge", 200), "us-west-2", "InService, 200 × ml.m5.xlarge, about $1,104.00 a day"),
        (served("ml.x9.large", 1), "us-west-2", "InService, 1 × ml.x9.large, billed by AWS at a price that Refit"),
        (served("ml.m5.large", 1), "eu-north-1", "InService, 1 × ml.m5.large, billed by AWS at a price that Refit"),
        (served(None, None), "us-west-2", "InService, serverless, billed by AWS at a price that Refit"),
        (replace(served(None, None), variants=()), "us-west-2", "InService, billed by AWS at a price that Refit"),
    ],
)
def test_a_price_is_that_of_all_instances_or_unknown(endpoint: EndpointStatus, region: str, words: str) -> None:
    assert undeclared.priced(endpoint, region, embedded=False, table=PRICES).startswith(f"prices ({words}")
