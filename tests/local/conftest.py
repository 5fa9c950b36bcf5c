"""A real embedded cloud for each test module, on a free port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from driver.local import cloud as embedded


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Cloud]:
    """A cloud that runs for the module's tests and leaves nothing behind."""
    state_dir = tmp_path_factory.mktemp("cloud")
    try:
        yield embedded.start(state_dir, 0)
    finally:
        embedded.stop(state_dir)


@pytest.fixture(scope="module")
def client(cloud: embedded.Cloud) -> Callable[..., Any]:
    """Makes boto3 clients of the cloud: with the root key, or with the access key of an IAM user."""

    def make(service: str, key: tuple[str, str] = ("test", "test")) -> Any:
        return boto3.client(
            service,
            endpoint_url=cloud.endpoint_url,
            region_name=cloud.region,
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
        )

    return make
