"""`refit terraform` as a command."""

from __future__ import annotations

from pathlib import Path

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
