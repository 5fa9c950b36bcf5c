"""The checks of Terraform. A fake binary reports versions; the lock file and the real binary are this repository's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from refit.doctor import terraform
from refit.doctor.results import Status
from refit.project import PipelineRef, Project
from refit.terraform.binary import INSTALL, INSTALL_TOFU
from tests.support.command_line import ROOT

AWS = "registry.terraform.io/hashicorp/aws"
LOCKED = f'provider "{AWS}" {{\n  version = "5.100.0"\n  hashes = [\n    "h1:abc=",\n  ]\n}}\n'


def stand_in(folder: Path, prints: str, name: str = "terraform") -> dict[str, str]:
    """An environment in which a program of that name prints `prints`, whatever its arguments."""
    program = folder / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")
    program.chmod(0o755)
    return {"PATH": f"{program.parent}:/usr/bin:/bin", "HOME": str(folder)}


@pytest.fixture
def lock(ref: PipelineRef) -> Path:
    """The lock file of a checkout, as `ref`'s project has it."""
    file = ref.project.root / "terraform" / ".terraform.lock.hcl"
    (ref.project.root / "terraform" / "main.tf").touch()
    file.write_text(LOCKED)
    return file


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not on the PATH")
def test_the_real_binary_reports_its_version() -> None:
    check = terraform.version()
    assert check.status is Status.OK
    assert check.detail.endswith(f"({shutil.which('terraform')})")


@pytest.mark.parametrize("version", ["1.10.0", "1.11.4", "2.0.0-beta1"])
def test_new_enough(tmp_path: Path, version: str) -> None:
    assert terraform.version(stand_in(tmp_path, f'{{"terraform_version": "{version}"}}')).status is Status.OK


def test_too_old(tmp_path: Path) -> None:
    check = terraform.version(stand_in(tmp_path, '{"terraform_version": "1.9.8"}'))
    assert (check.status, check.fix) == (Status.NOT_OK, INSTALL)
    assert "1.9.8; Refit needs 1.10 or later" in check.detail


@pytest.mark.parametrize("prints", ["", "Terraform v0.11.14", "[]", '{"terraform_version": null}'])
def test_a_program_that_is_not_terraform(tmp_path: Path, prints: str) -> None:
    assert terraform.version(stand_in(tmp_path, prints)).status is Status.NOT_OK


def test_no_terraform(tmp_path: Path) -> None:
    check = terraform.version({"PATH": str(tmp_path)})
    assert (check.status, check.detail, check.fix) == (Status.NOT_OK, "terraform is not on the PATH", INSTALL)


def test_opentofu_instead(tmp_path: Path) -> None:
    environment = stand_in(tmp_path, '{"terraform_version": "1.10.6"}', "tofu") | {"REFIT_TERRAFORM": "tofu"}
    assert terraform.version(environment).detail == f"1.10.6 ({tmp_path / 'bin' / 'tofu'})"
    old = stand_in(tmp_path, '{"terraform_version": "1.9.0"}', "tofu") | {"REFIT_TERRAFORM": "tofu"}
    assert terraform.version(old).fix == INSTALL_TOFU
    missing = terraform.version({"PATH": str(tmp_path), "REFIT_TERRAFORM": "tofu"})
    assert (missing.status, missing.fix) == (Status.NOT_OK, INSTALL_TOFU)


def test_the_lock_file_of_this_repository_pins_the_provider() -> None:
    check = terraform.lock_file(Project(ROOT), {})
    assert check.status is Status.OK
    assert check.detail.startswith(f"{AWS} 5.")


def test_a_lock_file_that_is_missing(ref: PipelineRef, lock: Path) -> None:
    lock.unlink()
    check = terraform.lock_file(ref.project, {})
    assert check.status is Status.NOT_OK
    assert check.fix.startswith("git checkout -- ")


@pytest.mark.parametrize(
    ("text", "words"), [("", "does not pin"), (LOCKED.replace('    "h1:abc=",\n', ""), "has no h1 hashes")]
)
def test_a_lock_file_that_does_not_pin(ref: PipelineRef, lock: Path, text: str, words: str) -> None:
    lock.write_text(text)
    check = terraform.lock_file(ref.project, {})
    assert check.status is Status.NOT_OK
    assert words in check.detail
    assert check.fix


def test_opentofu_needs_its_own_registry_in_the_lock_file(ref: PipelineRef, lock: Path, tmp_path: Path) -> None:
    tofu = stand_in(tmp_path, "", "tofu") | {"REFIT_TERRAFORM": "tofu"}
    check = terraform.lock_file(ref.project, tofu)
    assert check.status is Status.NOT_OK
    assert check.fix.startswith("tofu -chdir=")
    lock.write_text(LOCKED.replace("terraform.io", "opentofu.org"))
    assert terraform.lock_file(ref.project, tofu).status is Status.OK


def test_opentofu_that_is_not_there_cannot_pin(ref: PipelineRef, lock: Path, tmp_path: Path) -> None:
    check = terraform.lock_file(ref.project, {"PATH": str(tmp_path), "REFIT_TERRAFORM": "tofu"})
    assert (check.status, check.fix) == (Status.NOT_CHECKED, INSTALL_TOFU)
    assert check.detail.endswith("; REFIT_TERRAFORM is tofu, which is not on the PATH")


def test_with_opentofu_the_lock_file_of_the_package_is_not_incomplete(ref: PipelineRef, tmp_path: Path) -> None:
    for environment in (
        {"PATH": str(tmp_path), "REFIT_TERRAFORM": "tofu"},
        stand_in(tmp_path, "", "tofu") | {"REFIT_TERRAFORM": "tofu"},
    ):
        check = terraform.lock_file(ref.project, environment)
        assert check.status is Status.NOT_CHECKED
        assert check.detail.endswith("does not pin registry.opentofu.org/hashicorp/aws; tofu init selects the version")
        assert check.fix == "to use the version that Refit pins, use Terraform: unset REFIT_TERRAFORM"
    assert terraform.lock_file(ref.project, {}).status is Status.OK


def test_where_the_provider_is(ref: PipelineRef, lock: Path, tmp_path: Path) -> None:
    """In the folder of an init, in a mirror, in the cache: in this order of preference."""
    home = tmp_path / "home"
    environment = {"HOME": str(home), "XDG_DATA_DIRS": str(home)}
    executable = Path(AWS) / "5.100.0" / "linux_amd64" / "terraform-provider-aws_v5.100.0_x5"
    cached = ref.project.build_root / "providers" / executable
    cached.parent.mkdir(parents=True)
    cached.touch()
    if not any(Path("/opt").glob(f"*/{AWS}")):  # a mirror of the machine comes before the cache
        assert "in the cache" in terraform.provider(ref.project, ref, environment).detail
    mirror = home / ".terraform.d" / "plugins"
    (mirror / AWS).mkdir(parents=True)
    assert terraform.provider(ref.project, ref, environment).detail == f"in the mirror {mirror}"
    installed = ref.build_dir / ".terraform" / "providers" / executable
    installed.parent.mkdir(parents=True)
    installed.touch()
    check = terraform.provider(ref.project, ref, environment)
    assert (check.status, check.detail) == (Status.OK, f"installed for prod/home-prices: {executable.name}")


def test_a_provider_that_must_be_downloaded_is_not_checked(ref: PipelineRef, lock: Path, tmp_path: Path) -> None:
    tofu = {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path), "REFIT_TERRAFORM": "tofu"}
    check = terraform.provider(ref.project, ref, tofu)
    assert (check.status, check.fix) == (Status.NOT_CHECKED, "refit terraform init prod/home-prices")


def test_a_configuration_of_the_user_decides(ref: PipelineRef, lock: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.rc").touch()
    check = terraform.provider(ref.project, None, {"TF_CLI_CONFIG_FILE": str(tmp_path / "mine.rc")})
    assert check.status is Status.NOT_CHECKED
    assert "mine.rc" in check.detail
