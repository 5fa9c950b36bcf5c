"""The checks of Python and git."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from refit.doctor import machine
from refit.doctor.results import Status
from refit.git import COMMIT, FIRST_COMMIT
from tests.support.checkout import Repository
from tests.support.command_line import ROOT


def test_this_python() -> None:
    assert machine.python().status is Status.OK


@pytest.mark.parametrize(("version", "status"), [((3, 11, 0), Status.OK), ((3, 10, 14), Status.NOT_OK)])
def test_an_older_python(version: tuple[int, ...], status: Status) -> None:
    assert machine.python(version).status is status


def test_the_least_python_is_the_one_that_the_package_requires() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert required == ">=" + ".".join(map(str, machine.MINIMUM_PYTHON))


def test_a_repository_with_a_commit(tmp_path: Path) -> None:
    commit = Repository(tmp_path).commit()
    check = machine.git(tmp_path)
    assert (check.status, check.detail) == (Status.OK, f"HEAD is {commit[:12]}")


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    Repository(tmp_path)
    check = machine.git(tmp_path)
    assert (check.status, check.detail, check.fix) == (
        Status.NOT_OK,
        "the git repository has no commit yet",
        f"run: {COMMIT}",
    )


def test_a_folder_that_is_not_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    check = machine.git(tmp_path)
    assert (check.status, check.fix) == (Status.NOT_OK, f"run: {FIRST_COMMIT}")
    assert "is not in a git repository" in check.detail


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    check = machine.git(tmp_path)
    assert (check.status, check.detail) == (Status.NOT_OK, "git is not on the PATH")
    assert "install git" in check.fix
