"""Selecting the binary: terraform on the PATH, or the one that REFIT_TERRAFORM names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from refit.errors import TerraformError
from refit.project import Project
from refit.terraform import binary, provider_mirror
from refit.terraform.runner import Terraform
from tests.support.command_line import ROOT

TOFU_PROVIDER = "registry.opentofu.org/hashicorp/aws"
STAND_IN = """#!/bin/sh
echo "$@" >> "$STAND_IN_LOG"
case "$*" in *init*)
  mkdir -p "$TF_DATA_DIR/providers/{address}/5.100.0/linux_amd64"
  touch "$TF_DATA_DIR/providers/{address}/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5";;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    file = tmp_path / "terraform" / "pipelines" / "prod" / "home-prices.tfvars"
    file.parent.mkdir(parents=True)
    file.touch()
    (tmp_path / "terraform" / "main.tf").touch()
    (tmp_path / "terraform" / ".terraform.lock.hcl").touch()
    return Project(tmp_path)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a tofu on the PATH that writes its arguments to this file."""
    program = tmp_path / "bin" / "tofu"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(address=TOFU_PROVIDER))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("REFIT_STATE_BUCKET", "state")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "calls"))
    return tmp_path / "calls"


def test_the_variable_names_the_binary(project: Project, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_TERRAFORM", "tofu")
    runner = Terraform(project.find("prod/home-prices"))
    runner.run("version")
    runner.run("validate")
    runner.run("validate")
    actions = [line.split()[1] for line in log.read_text().splitlines()]
    assert actions == ["version", "init", "validate", "validate"], "initialized once, with OpenTofu's provider"


@pytest.mark.parametrize("pinned", [True, False])
def test_opentofu_may_add_its_registry_to_the_lock_file_once(
    project: Project, log: Path, monkeypatch: pytest.MonkeyPatch, pinned: bool
) -> None:
    monkeypatch.setenv("REFIT_TERRAFORM", "tofu")
    lock = project.terraform_dir / ".terraform.lock.hcl"
    lock.write_text(f'provider "{TOFU_PROVIDER if pinned else "registry.terraform.io/hashicorp/aws"}" {{\n}}\n')
    Terraform(project.find("prod/home-prices")).run("init")
    assert ("-lockfile=readonly" in log.read_text()) is pinned


def test_without_the_variable_it_is_terraform(monkeypatch: pytest.MonkeyPatch, log: Path) -> None:
    monkeypatch.delenv("REFIT_TERRAFORM", raising=False)
    with pytest.raises(TerraformError, match=r"^terraform is not on the PATH$") as error:
        binary.find()
    assert error.value.hint == binary.INSTALL


def test_a_binary_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("REFIT_TERRAFORM", "tofu")
    with pytest.raises(TerraformError, match="REFIT_TERRAFORM is tofu, which is not on the PATH") as error:
        binary.find()
    assert error.value.hint == binary.INSTALL_TOFU


def test_a_path_is_used_as_it_is(log: Path) -> None:
    program = str(log.with_name("bin") / "tofu")
    assert binary.find({"REFIT_TERRAFORM": program}) == program


def test_a_mirror_of_terraforms_registry_is_not_one_for_opentofu(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path)}
    mirror = tmp_path / "opt" / "mirror"
    (mirror / provider_mirror.PROVIDER).mkdir(parents=True)
    opt = tmp_path / "opt"
    assert provider_mirror.find(environment, binary.provider(environment), opt) == mirror
    tofu = environment | {"REFIT_TERRAFORM": "tofu"}
    assert provider_mirror.find(tofu, binary.provider(tofu), opt) is None


def test_the_least_version_is_the_one_that_the_stack_requires() -> None:
    required = re.search(r'required_version = ">= (\d+)\.(\d+)"', (ROOT / "terraform" / "versions.tf").read_text())
    assert required
    assert tuple(map(int, required.groups())) == binary.MINIMUM
