"""`refit terraform` as a command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit.terraform.binary import INSTALL
from tests.support.command_line import refit
from tests.support.own_repository import init


def test_without_terraform_nothing_is_built(tmp_path: Path) -> None:
    init(tmp_path / "models")
    (tmp_path / "empty").mkdir()
    nothing = {"PATH": str(tmp_path / "empty"), "AWS_ENDPOINT_URL": "", "REFIT_STATE_BUCKET": "state"}
    for name in ("prod/home-prices", "local/home-prices"):
        done = refit("terraform", "apply", name, cwd=tmp_path / "models", **nothing)
        assert (done.returncode, done.stderr.splitlines()) == (1, ["terraform is not on the PATH", INSTALL])
    assert not (tmp_path / "models" / "build").exists()


def test_settings_that_terraform_could_not_use_are_reported_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init(tmp_path / "models")
    binary = tmp_path / "bin" / "terraform"
    binary.parent.mkdir()
    binary.write_text("#!/bin/sh\necho terraform was started\n")
    binary.chmod(0o755)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    shell = {
        "PATH": f"{binary.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_EC2_METADATA_DISABLED": "true",
        "REFIT_STATE_BUCKET": "state",
    }
    file = tmp_path / "models" / "terraform" / "pipelines" / "prod" / "home-prices.tfvars"
    key = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    file.write_text("".join(line for line in file.read_text().splitlines(True) if not line.startswith("region")))
    for variables, message in [
        ({"AWS_PROFILE": "gone"}, "could not use your AWS settings: The config profile (gone) could not be found"),
        ({}, "could not use your AWS settings: Unable to locate credentials"),
        (key, "no AWS region is set"),
    ]:
        done = refit("terraform", "plan", "prod/home-prices", cwd=tmp_path / "models", **shell, **variables)
        assert (done.returncode, done.stdout) == (1, "")
        assert [done.stderr.splitlines()[0], len(done.stderr.splitlines())] == [message, 2]
