"""The environment of the terraform process: the driver's region, and a direct connection to the embedded cloud."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit.project import PipelineRef
from refit.terraform.process_environment import variables
from tests.refit.terraform.conftest import CLOUD


@pytest.mark.parametrize(
    ("shell", "region"),
    [
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-2"),
        ({"AWS_PROFILE": "one", "AWS_DEFAULT_PROFILE": "two"}, "eu-west-3"),
        ({}, None),
    ],
)
def test_terraform_gets_the_region_that_the_driver_uses(
    prod: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shell: dict[str, str], region: str | None
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text("[profile one]\nregion = eu-west-3\n[profile two]\nregion = us-west-1\n")
    for name, value in {"AWS_CONFIG_FILE": str(config), **shell}.items():
        monkeypatch.setenv(name, value)
    assert variables(prod, {}, tmp_path).get("AWS_REGION") == region


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"no_proxy": "acme.example"}, "acme.example,127.0.0.1,localhost"),
        ({"NO_PROXY": "a", "no_proxy": "b"}, "a,127.0.0.1,localhost"),
    ],
)
def test_a_proxy_is_not_used_for_the_embedded_cloud(
    local: PipelineRef, tmp_path: Path, shell: dict[str, str], expected: str
) -> None:
    found = variables(local, CLOUD, tmp_path, {"HTTP_PROXY": "http://proxy:3128", **shell})
    assert (found["NO_PROXY"], found["no_proxy"]) == (expected, expected)
    assert found["HTTP_PROXY"] == "http://proxy:3128"  # the provider may have to be downloaded
