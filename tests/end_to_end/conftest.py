"""Applies the real stack: real Terraform, Lambdas, state machine, training and endpoint.

Each file has its own cloud, so that files can run concurrently. The tests in a file depend on each other's order. The
files of EXAMPLE begin with copies of the same applied stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from refit.embedded_cloud import faults, lifecycle
from tests.support.end_to_end import snapshot
from tests.support.end_to_end.deployed import Deployed, apply, example

EXAMPLE = {"data_page", "rollback", "run_backfill", "run_redeploy", "stack", "status"}
"""The files, named without test_, that use `applied` as it is here."""


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    """No settings: the cloud runs as it does for users."""
    return {}


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot for all processes: the example pipeline, built and applied, with four days of data and no run yet."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    return snapshot.taken(shared / "example", lambda cloud, folder: apply(cloud, folder, example(), days=4))


@pytest.fixture(scope="module")
def cloud_state(request: pytest.FixtureRequest) -> Path | None:
    """The snapshot for the files of EXAMPLE; the others apply their own pipeline."""
    if request.path.stem.removeprefix("test_") not in EXAMPLE:
        return None
    found: Path = request.getfixturevalue("taken")
    return found / snapshot.CLOUD


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, cloud_state: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The example pipeline of the snapshot, with a checkout and a cloud of its own."""
    assert cloud_state, "add this file to EXAMPLE in tests/end_to_end/conftest.py, or apply its own pipeline"
    return snapshot.copy_checkout(cloud_state.parent, cloud, tmp_path_factory.mktemp("checkout"), "home-prices")


@pytest.fixture
def stack(applied: Deployed) -> Iterator[Deployed]:
    """The applied pipeline; no faults are scripted before or after the test."""
    faults.clear(applied.cloud)
    yield applied
    faults.clear(applied.cloud)
