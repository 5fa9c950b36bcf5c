"""Decides which changes re-apply every stack: of the sources in a checkout of Refit, elsewhere of the pinned version.

tests/refit/plan/test_machinery.py compares the list with what `refit build` reads.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from refit import refit_toml
from refit.git import Commit, Git
from refit.problem_codes import Code
from refit.project import Project
from refit.refit_toml import InvalidSettings

SOURCES = (
    "asl/",
    "lambdas/",
    "terraform/",
    "driver/refit/__init__.py",  # a member of lambdas.zip
    "driver/refit/artifacts/",
    "driver/refit/domain/",
    "driver/refit/pipeline/",
    "driver/refit/quality/",
    "driver/refit/version.py",
    # What `make setup` installs: lambdas.zip has slack_sdk in it, and Jinja renders the state machine.
    "requirements/driver.txt",
    "requirements/local.txt",
)
"""The files and folders of a checkout that the stack of every pipeline is built from."""
NO_SOURCES = ("terraform/pipelines/", "terraform/bootstrap/")
"""Folders below them that are not: a pipeline file is one stack's, and the bootstrap is applied once per account."""

REQUIREMENTS = "requirements.txt"
"""The pinned packages of a team's own repository, with slack_sdk among them."""


@dataclass(frozen=True)
class Upgrade:
    """Two versions in refit.toml; None where it names no version, or there is no such file."""

    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"refit {self.before or 'of no fixed version'} → {self.after or 'no fixed version'} ({refit_toml.FILE})"


def machinery(project: Project, changed: Iterable[str]) -> tuple[str, ...]:
    """Those of the `changed` files, by their paths from the project's root, that every stack is built from."""
    if not project.has_terraform:
        # The folders of a team's own repository may have the same names, and are not part of any stack.
        return tuple(path for path in changed if path == REQUIREMENTS)
    return tuple(path for path in changed if path.startswith(SOURCES) and not path.startswith(NO_SOURCES))


def upgrade(project: Project, base: Commit, head: Commit | None) -> Upgrade | None:
    """The change of the version in refit.toml from `base` to `head` (None: the working tree); None if it is the same.

    Raises InvalidSettings for a refit.toml at `head` that cannot be used.
    """
    git = Git(project.root)
    before = None
    with suppress(InvalidSettings):  # a file that could not be used before had no effect
        before = _version(git.file(base, refit_toml.FILE))
    after = _version(git.file(head, refit_toml.FILE)) if head else project.settings.version
    return None if before == after else Upgrade(before, after)


def _version(content: bytes | None) -> str | None:
    """The version in a refit.toml. Unknown settings are ignored: the version that it names may know them."""
    try:
        return refit_toml.parse(content or b"").version
    except InvalidSettings as error:
        if any(problem.code != Code.UNKNOWN_FIELD for problem in error.problems):
            raise
    version: str | None = tomllib.loads((content or b"").decode()).get("version")
    return version
