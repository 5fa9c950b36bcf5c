"""One embedded cloud for this folder, with short statuses, and a boto3 client of its SageMaker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refit.embedded_cloud import faults, lifecycle
from tests.support.embedded_cloud import service_model
from tests.support.embedded_cloud.customer import Customer

SECONDS_PER_STATUS = "0.1"


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lifecycle.Cloud]:
    state_dir = tmp_path_factory.mktemp("sagemaker")
    try:
        settings = {"REFIT_LOCAL_SECONDS_PER_STATUS": SECONDS_PER_STATUS, "REFIT_LOCAL_STRICT": "0"}
        yield lifecycle.start(state_dir, port=0, extra_env=settings)
    finally:
        lifecycle.stop(state_dir)


@pytest.fixture(scope="session")
def account(cloud: lifecycle.Cloud) -> Customer:
    """The customer, with a bucket and a role. Every response that SageMaker gives it is checked against AWS's model."""
    customer = Customer(cloud)
    service_model.watch(customer.sagemaker)
    return customer


@pytest.fixture
def customer(account: Customer) -> Iterator[Customer]:
    """The customer of the cloud; no faults are scripted before or after the test."""
    faults.clear(account.cloud)
    yield account
    faults.clear(account.cloud)
