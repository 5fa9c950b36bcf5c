"""CreateEndpointConfig and DescribeEndpointConfig."""

from __future__ import annotations

from typing import Any

from tests.support.embedded_cloud.customer import Customer, refused


def test_an_endpoint_config_is_made_of_models_that_exist_under_names_of_their_own(customer: Customer) -> None:
    def create(*variants: dict[str, Any]) -> object:
        return customer.sagemaker.create_endpoint_config(EndpointConfigName="never", ProductionVariants=variants)

    assert refused(lambda: create(customer.variant("A", "never")))[1].startswith('Could not find model "arn:aws:')
    model = customer.new_model(customer.doubling)
    assert "unique" in refused(lambda: create(customer.variant("A", model), customer.variant("A", model)))[1]
    config = customer.new_config(customer.doubling)
    found = customer.sagemaker.describe_endpoint_config(EndpointConfigName=config)
    request = {"EndpointConfigName": config, "ProductionVariants": found["ProductionVariants"]}
    assert refused(lambda: customer.sagemaker.create_endpoint_config(**request)) == (
        "ValidationException",
        f'Cannot create already existing endpoint configuration "{found["EndpointConfigArn"]}".',
    )
