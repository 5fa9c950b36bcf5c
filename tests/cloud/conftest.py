"""The real stack, applied once for this folder: real Terraform, Lambdas, state machine, training, endpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from deployed import ROOT, Deployed, checkout

from driver import dataset, executions, pipeline
from driver.aws import Aws
from driver.commands.build import build
from driver.local import cloud as embedded
from driver.local import faults
from driver.stack import Stack
from driver.terraform import Terraform


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Cloud]:
    state_dir = tmp_path_factory.mktemp("cloud")
    try:
        yield embedded.start(state_dir, port=0)
    finally:
        embedded.stop(state_dir)


@pytest.fixture(scope="session")
def applied(cloud: embedded.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The example pipeline: built, applied, with four days of data and no run yet."""
    project = checkout(tmp_path_factory.mktemp("checkout"), "local/home-prices.tfvars")
    ref = project.find("local/home-prices")
    home_prices = pipeline.load(ref)
    build(ref)
    terraform = Terraform(ref, cloud.environment())
    terraform.apply()
    aws = Aws(home_prices.region, cloud.endpoint_url, ("test", "test"))
    names = Stack.of(home_prices, aws)
    executions.first_firing(aws, names.state_machine_arn)
    rows = dataset.read(ROOT / "examples" / "boston-housing.csv", home_prices.data.feature_dim, label="medv")
    deployed = Deployed(cloud, ref, terraform, aws, names, rows)
    for _ in range(4):
        deployed.new_day()
    return deployed


@pytest.fixture
def stack(applied: Deployed) -> Iterator[Deployed]:
    """The applied pipeline with no fault scripted, before or after."""
    faults.clear(applied.cloud)
    yield applied
    faults.clear(applied.cloud)
