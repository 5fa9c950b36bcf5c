"""`refit doctor` as a command: its text, its JSON, its exit code, and no traceback on a machine without any setup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.checkout import Checkout
from tests.support.command_line import refit

NOTHING = {
    "AWS_ACCESS_KEY_ID": "",
    "AWS_SECRET_ACCESS_KEY": "",
    "AWS_SESSION_TOKEN": "",
    "AWS_ENDPOINT_URL": "",
    "AWS_EC2_METADATA_DISABLED": "true",
    "REFIT_STATE_BUCKET": "",
}


@pytest.fixture
def nothing(tmp_path: Path) -> dict[str, str]:
    """An environment without programs, without a home, without credentials."""
    empty = tmp_path / "empty"
    empty.mkdir()
    return NOTHING | {"PATH": str(empty), "HOME": str(empty)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    checkout = Checkout(folder)
    checkout.pipeline("prod/prices")
    return checkout.root


@pytest.mark.parametrize("arguments", [[], ["prod/prices"], ["prod/prices", "--json"]], ids=" ".join)
def test_those_who_have_nothing_learn_what_to_do(project: Path, nothing: dict[str, str], arguments: list[str]) -> None:
    result = refit("doctor", *arguments, cwd=project, **nothing)
    assert (result.returncode, result.stderr) == (1, "")
    for word in ("terraform is not on the PATH", "install Terraform", "git is not on the PATH", "aws sso login"):
        assert word in result.stdout


def test_outside_a_project(tmp_path: Path, nothing: dict[str, str]) -> None:
    result = refit("doctor", cwd=tmp_path, **nothing)
    assert (result.returncode, result.stderr) == (1, "")
    assert "refit init" in result.stdout


def test_another_version_of_refit_is_a_line_and_not_the_end(project: Path, nothing: dict[str, str]) -> None:
    (project / "refit.toml").write_text('version = "9.9.9"\n')
    result = refit("doctor", cwd=project, **nothing)
    assert (result.returncode, result.stderr) == (1, "")
    assert "pins version 9.9.9" in result.stdout
    assert "pip install 'refit-sagemaker==9.9.9'" in result.stdout


def test_json_has_every_check(project: Path, nothing: dict[str, str]) -> None:
    document = json.loads(refit("doctor", "prod/prices", "--json", cwd=project, **nothing).stdout)
    assert (document["pipeline"], document["passed"]) == ("prod/prices", False)
    assert set(document["checks"][0]) == {"subject", "status", "detail", "fix"}
    assert {check["status"] for check in document["checks"]} == {"ok", "not ok", "not checked"}


def test_a_pipeline_that_is_not_there_is_one_message(project: Path, nothing: dict[str, str]) -> None:
    result = refit("doctor", "prod/none", cwd=project, **nothing)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == "there is no pipeline prod/none"
