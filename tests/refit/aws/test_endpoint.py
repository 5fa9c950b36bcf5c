"""The description of an endpoint: its status, its config and its models, on the embedded cloud."""

from __future__ import annotations

import pytest

from refit.aws import endpoint
from refit.aws.session import Aws
from tests.support.embedded_cloud.customer import Customer


@pytest.fixture(scope="module")
def deployed(customer: Customer) -> str:
    """An endpoint with one variant, in service."""
    return customer.new_endpoint(customer.doubling)


def test_an_endpoint_has_its_config_model_and_instances(aws: Aws, customer: Customer, deployed: str) -> None:
    status = endpoint.endpoint(aws, deployed)
    assert status is not None
    assert (status.name, status.status, status.reason) == (deployed, "InService", "")
    assert status.config == customer.endpoint(deployed)["EndpointConfigName"]
    (variant,) = status.variants
    assert status.model == variant.model
    assert endpoint.has_model(aws, variant.model)
    assert variant.document() == {
        "model": variant.model,
        "instance_type": "ml.m5.large",
        "asked": 2,
        "running": 2,
    }


def test_an_endpoint_that_does_not_exist_is_none(aws: Aws) -> None:
    assert endpoint.endpoint(aws, "no-such-endpoint") is None
    assert not endpoint.has_model(aws, "no-such-model")


def test_a_config_that_was_deleted_under_its_endpoint_has_no_variants(
    aws: Aws, customer: Customer, deployed: str
) -> None:
    config = customer.endpoint(deployed)["EndpointConfigName"]
    customer.sagemaker.delete_endpoint_config(EndpointConfigName=config)
    status = endpoint.endpoint(aws, deployed)
    assert status is not None
    assert (status.config, status.variants, status.identity, status.model) == (config, (), (), None)
