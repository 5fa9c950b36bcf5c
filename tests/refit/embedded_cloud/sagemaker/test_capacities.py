"""UpdateEndpointWeightsAndCapacities: traffic and capacity of the variants in service."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import Customer, refused


@pytest.fixture
def endpoint(customer: Customer) -> str:
    """An endpoint whose variant A doubles and whose variant B triples, with equal traffic."""
    config = customer.name("config")
    variants = [
        customer.variant("A", customer.new_model(customer.doubling)),
        customer.variant("B", customer.new_model(customer.tripling)),
    ]
    customer.sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=variants)
    name = customer.start_endpoint(config)
    assert customer.settled(name)["EndpointStatus"] == "InService"
    return name


def change(customer: Customer, endpoint: str, *changes: dict[str, Any]) -> object:
    update = customer.sagemaker.update_endpoint_weights_and_capacities
    return update(EndpointName=endpoint, DesiredWeightsAndCapacities=list(changes))


def capacities(described: dict[str, Any], kind: str) -> dict[str, tuple[float, int]]:
    """The weight and the instance count of each variant; `kind` is Current or Desired."""
    variants = described["ProductionVariants"]
    return {each["VariantName"]: (each[f"{kind}Weight"], each[f"{kind}InstanceCount"]) for each in variants}


def test_weights_and_counts_are_desired_while_updating_and_then_current(customer: Customer, endpoint: str) -> None:
    arn = customer.endpoint(endpoint)["EndpointArn"]
    answer = change(customer, endpoint, {"VariantName": "A", "DesiredWeight": 0, "DesiredInstanceCount": 5})
    assert isinstance(answer, dict)
    assert answer["EndpointArn"] == arn
    updating = customer.endpoint(endpoint)
    assert updating["EndpointStatus"] == "Updating"
    assert capacities(updating, "Current") == {"A": (1, 2), "B": (1, 2)}
    assert capacities(updating, "Desired") == {"A": (0, 5), "B": (1, 2)}
    assert "PendingDeploymentSummary" not in updating
    in_progress = ("ValidationException", f'Cannot update in-progress endpoint "{arn}".')
    assert refused(lambda: change(customer, endpoint, {"VariantName": "A", "DesiredWeight": 1})) == in_progress

    settled = customer.settled(endpoint)
    assert capacities(settled, "Current") == capacities(settled, "Desired") == {"A": (0, 5), "B": (1, 2)}
    assert {customer.score(endpoint) for _ in range(10)} == {3}


def test_an_update_retains_weights_and_counts_if_it_is_asked_to(customer: Customer, endpoint: str) -> None:
    change(customer, endpoint, {"VariantName": "A", "DesiredWeight": 7, "DesiredInstanceCount": 5})
    customer.settled(endpoint)
    config = customer.endpoint(endpoint)["EndpointConfigName"]
    retained = {
        (): (7, 5),
        ("DesiredInstanceCount",): (7, 2),
        ("DataCaptureConfig",): (7, 2),
        ("DesiredWeight", "DesiredInstanceCount"): (1, 2),
    }
    for excluded, expected in retained.items():
        customer.sagemaker.update_endpoint(
            EndpointName=endpoint,
            EndpointConfigName=config,
            RetainAllVariantProperties=True,
            ExcludeRetainedVariantProperties=[{"VariantPropertyType": name} for name in excluded],
        )
        assert capacities(customer.settled(endpoint), "Current")["A"] == expected
    change(customer, endpoint, {"VariantName": "A", "DesiredWeight": 7})
    customer.settled(endpoint)
    customer.update(endpoint, config)
    assert capacities(customer.settled(endpoint), "Current")["A"] == (1, 2)


def test_a_change_names_variants_in_service_once(customer: Customer, endpoint: str) -> None:
    config = customer.endpoint(endpoint)["EndpointConfigName"]
    one, other = ({"VariantName": name, "DesiredWeight": 1} for name in ("A", "never"))
    rejected = {
        f'The variant name(s) "never" is/are not present within endpoint configuration "{config}".': (one, other),
        'The variant name "A" was non-unique within the request.': (one, one),
        "ServerlessUpdateConfig can be specified only for a serverless variant.": (
            {"VariantName": "A", "ServerlessUpdateConfig": {"MaxConcurrency": 2}},
        ),
    }
    for message, changes in rejected.items():
        assert refused(lambda changes=changes: change(customer, endpoint, *changes)) == ("ValidationException", message)
    assert customer.endpoint(endpoint)["EndpointStatus"] == "InService"
    missing = f"arn:aws:sagemaker:{customer.cloud.region}:000000000000:endpoint/never"
    assert refused(lambda: change(customer, "never", one)) == (
        "ValidationException",
        f'Could not find endpoint "{missing}".',
    )


def test_an_endpoint_that_is_not_in_service_is_not_scaled(customer: Customer) -> None:
    faults.set(customer.cloud, {"endpoint": "fail_create"})
    name = customer.start_endpoint(customer.new_config(customer.doubling))
    arn = customer.settled(name)["EndpointArn"]
    assert refused(lambda: change(customer, name, {"VariantName": "AllTraffic", "DesiredWeight": 1})) == (
        "ValidationException",
        f'Cannot update endpoint "{arn}" in status Failed.',
    )


def test_a_serverless_variant_has_a_concurrency_instead_of_instances(customer: Customer) -> None:
    config = customer.name("config")
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    variant = {"VariantName": "S", "ModelName": customer.new_model(customer.doubling), "ServerlessConfig": serverless}
    customer.sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=[variant])
    name = customer.start_endpoint(config)
    (found,) = customer.settled(name)["ProductionVariants"]
    assert (found["CurrentServerlessConfig"], found["CurrentInstanceCount"]) == (serverless, 0)
    assert "DesiredInstanceCount" not in found
    assert customer.score(name) == 2

    rejected = {
        "DesiredInstanceCount cannot be specified for a serverless variant.": {"DesiredInstanceCount": 1},
        "ProvisionedConcurrency must be less than or equal to MaxConcurrency.": {
            "ServerlessUpdateConfig": {"ProvisionedConcurrency": 6}
        },
    }
    for message, members in rejected.items():
        wrong = {"VariantName": "S", **members}
        assert refused(lambda wrong=wrong: change(customer, name, wrong)) == ("ValidationException", message)
    change(customer, name, {"VariantName": "S", "ServerlessUpdateConfig": {"MaxConcurrency": 9}})
    (updating,) = customer.endpoint(name)["ProductionVariants"]
    assert updating["CurrentServerlessConfig"] == serverless
    assert updating["DesiredServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 9}
    (found,) = customer.settled(name)["ProductionVariants"]
    assert found["CurrentServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 9}
    assert customer.score(name) == 2
