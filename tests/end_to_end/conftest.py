"""The real stack, applied once for a file of tests: real Terraform, Lambdas, state machine, training, endpoint.

A file has a cloud of its own, so that files can be run beside each other; its tests tell one story, in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from refit.embedded_cloud import faults, lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, example


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    """None: the cloud runs as it does for a person."""
    return {}


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The example pipeline: built, applied, with four days of data and no run yet."""
    return apply(cloud, tmp_path_factory.mktemp("checkout"), example(), days=4)


@pytest.fixture
def stack(applied: Deployed) -> Iterator[Deployed]:
    """The applied pipeline with no fault scripted, before or after."""
    faults.clear(applied.cloud)
    yield applied
    faults.clear(applied.cloud)
