"""Applies the real stack once for each test file: real Terraform, Lambdas, state machine, training and endpoint.

Each file has its own cloud, so that files can run concurrently. The tests in a file depend on each other's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from refit.embedded_cloud import faults, lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, example


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    """No settings: the cloud runs as it does for users."""
    return {}


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The example pipeline: built, applied, with four days of data and no run yet."""
    return apply(cloud, tmp_path_factory.mktemp("checkout"), example(), days=4)


@pytest.fixture
def stack(applied: Deployed) -> Iterator[Deployed]:
    """The applied pipeline; no faults are scripted before or after the test."""
    faults.clear(applied.cloud)
    yield applied
    faults.clear(applied.cloud)
