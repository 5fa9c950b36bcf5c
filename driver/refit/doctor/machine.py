"""Checks Python and git on this machine."""

from __future__ import annotations

import sys
from pathlib import Path

from refit.doctor.results import Check, failed, not_ok, ok
from refit.errors import RefitError
from refit.git import FIRST_COMMIT, Git

MINIMUM_PYTHON = (3, 11)
"""`requires-python` in pyproject.toml."""


def python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Check:
    """Whether Python is recent enough. pip rejects an older version, but a copied virtual environment does not."""
    found = ".".join(map(str, version))
    if version[:2] < MINIMUM_PYTHON:
        needed = ".".join(map(str, MINIMUM_PYTHON))
        return not_ok(
            "python", f"{found}; Refit needs {needed} or later", f"install Python {needed}, then reinstall Refit"
        )
    return ok("python", found)


def git(root: Path) -> Check:
    """Whether git is installed and `root` is in a repository with a commit, which `refit plan` needs to compare."""
    try:
        commit = Git(root).commit("HEAD")
    except RefitError as error:
        return failed("git", error, FIRST_COMMIT)
    return ok("git", f"HEAD is {commit.short}")
