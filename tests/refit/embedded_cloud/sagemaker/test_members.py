"""Every member of a request is emulated, or only stored, or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from refit.embedded_cloud.sagemaker import members
from tests.support.embedded_cloud.customer import IMAGE, Customer, refused

MODEL = botocore.session.Session().get_service_model("sagemaker")


@pytest.mark.parametrize("table", [members.EMULATED, members.STORED])
def test_the_tables_name_members_of_the_service_model(table: Mapping[str, tuple[str, ...]]) -> None:
    for structure, names in table.items():
        assert set(names) <= set(MODEL.shape_for(structure).members), structure


def test_no_member_is_both_emulated_and_only_stored() -> None:
    assert members.STORED.keys() <= members.EMULATED.keys()
    for structure, names in members.STORED.items():
        assert not set(names) & set(members.EMULATED[structure]), structure


@pytest.mark.parametrize(
    ("container", "member"),
    [
        ({"MultiModelConfig": {"ModelCacheSetting": "Enabled"}}, "MultiModelConfig"),
        ({"InferenceSpecificationName": "one"}, "InferenceSpecificationName"),
    ],
)
def test_a_member_that_would_be_ignored_is_rejected_at_any_depth(
    customer: Customer, container: dict[str, Any], member: str
) -> None:
    full = {"Image": IMAGE, "ModelDataUrl": customer.doubling, **container}
    request = {"ModelName": customer.name("model"), "PrimaryContainer": full, "ExecutionRoleArn": customer.role}
    message = f"the embedded cloud does not support {member}"
    assert refused(lambda: customer.sagemaker.create_model(**request)) == ("ValidationException", message)


def test_an_empty_member_is_a_member(customer: Customer) -> None:
    variant = {"VariantName": "all", "InstanceType": "ml.m5.large", "ManagedInstanceScaling": {}}
    request = {"EndpointConfigName": customer.name("config"), "ProductionVariants": [variant]}
    assert refused(lambda: customer.sagemaker.create_endpoint_config(**request)) == (
        "ValidationException",
        "the embedded cloud does not support ManagedInstanceScaling",
    )


def test_a_program_that_only_aws_would_start_is_rejected(customer: Customer) -> None:
    specification = {
        "TrainingImage": IMAGE,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["python", "train.py"],
        "ContainerArguments": ["--fast"],
    }
    assert refused(lambda: customer.start_job("s3://homes/data/", AlgorithmSpecification=specification)) == (
        "ValidationException",
        "the embedded cloud does not support ContainerEntrypoint, ContainerArguments",
    )
