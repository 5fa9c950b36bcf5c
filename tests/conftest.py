"""Fixtures for all tests: an embedded cloud per file, and clients to reach it. Distributes them over processes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, settings

from refit.aws.session import Aws
from refit.embedded_cloud import lifecycle
from tests.support.distribution import ByStory, longest_first, processes_here
from tests.support.embedded_cloud.customer import Customer
from tests.support.small_stack import STATES

ROOT_KEY = ("test", "test")
# Terraform and its provider run for seconds: collecting less garbage saves a sixth of their processor time.
os.environ.setdefault("GOGC", "400")
# No test depends on how busy the machine is.
settings.register_profile("refit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("refit")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """The number of processes for `-n auto`; xdist itself reads the variable that overrides it."""
    return None if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else processes_here()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByStory:
    return ByStory(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # one of several processes
        longest_first(items)


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    """The environment of `cloud`, in which jobs change their status quickly. A file or a folder can override it."""
    return {"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1"}


@pytest.fixture(scope="module")
def cloud_state() -> Path | None:
    """The state directory of a stopped cloud, of which `cloud` begins with a copy. A folder can override it."""
    return None


@pytest.fixture(scope="module")
def cloud(
    tmp_path_factory: pytest.TempPathFactory, cloud_settings: Mapping[str, str], cloud_state: Path | None
) -> Iterator[lifecycle.Cloud]:
    """A real embedded cloud for the tests of one file, on a free port; removed afterwards."""
    state_dir = tmp_path_factory.mktemp("cloud")
    if cloud_state:
        for kept in ("state", "s3"):
            shutil.copytree(cloud_state / kept, state_dir / kept)
    try:
        yield lifecycle.start(state_dir, 0, extra_env=cloud_settings)
    finally:
        lifecycle.stop(state_dir)


@pytest.fixture(scope="module")
def aws(cloud: lifecycle.Cloud) -> Aws:
    """The driver's clients for the cloud."""
    return Aws(cloud.region, cloud.endpoint_url, ROOT_KEY)


@pytest.fixture(scope="module")
def client(cloud: lifecycle.Cloud) -> Callable[..., Any]:
    """Creates boto3 clients for the cloud, with the root key or with the access key of an IAM user."""

    def make(service: str, key: tuple[str, str] = ROOT_KEY) -> Any:
        return boto3.client(
            service,
            endpoint_url=cloud.endpoint_url,
            region_name=cloud.region,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
        )

    return make


@pytest.fixture(scope="module")
def customer(cloud: lifecycle.Cloud) -> Customer:
    """A customer with a bucket, a role and a trained model on the cloud."""
    return Customer(cloud)


@pytest.fixture(scope="module")
def states_role(client: Callable[..., Any]) -> str:
    """The ARN of a role that state machines can assume; it has no permissions."""
    trust = json.dumps({"Version": "2012-10-17", "Statement": [STATES]})
    return str(client("iam").create_role(RoleName="states", AssumeRolePolicyDocument=trust)["Role"]["Arn"])


@pytest.fixture
def exported(cloud: lifecycle.Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports the cloud's address, as printed by `refit local up`."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint_url)


@pytest.fixture
def ada(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes ada the name of the user who runs the tests; git has no e-mail address."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("USER", "ada")
