"""Locates the project, its pipeline files, its build folders and the sources of the stack.

A project is a checkout of Refit, or a repository that contains only pipeline files. This module reads only refit.toml
and writes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from refit import refit_toml
from refit.errors import PipelineNotFound, RefitError
from refit.refit_toml import Settings
from refit.version import VERSION

LOCAL = refit_toml.LOCAL
DISTRIBUTION = "refit-sagemaker"
"""The package's name on a package index; `refit` belongs to another project."""

PACKAGE = Path(__file__).resolve().parent
SOURCES = {"terraform": "main.tf", "asl": "state_machine.asl.json.j2", "lambdas": "__init__.py"}
"""The folders with the sources of a stack, and a file by which each is recognized."""


@cache
def stack_dir() -> Path:
    """The folder that contains `terraform/`, `asl/` and `lambdas/`.

    This is the checkout of Refit that contains the working directory. Otherwise it belongs to the installed
    package: the data of a wheel, or the checkout of an editable installation.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if all((folder / name / file).is_file() for name, file in SOURCES.items()):
            return folder
    bundled = PACKAGE / "stack"
    return bundled if bundled.is_dir() else PACKAGE.parents[1]


@dataclass(frozen=True)
class Project:
    """A folder with pipeline files: a checkout of Refit, or a team's own repository."""

    root: Path

    @classmethod
    def here(cls, start: Path | None = None, *, any_version: bool = False) -> Project:
        """The project that contains `start` (by default, the working directory).

        Its root is the nearest folder with refit.toml, with `terraform/pipelines/`, or with the sources of a checkout.
        Raises RefitError if there is no project, InvalidSettings if refit.toml is invalid, and RefitError if refit.toml
        or the checkout requires another version of Refit, unless `any_version` is set.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if _is_root(folder):
                project = cls(folder)
                declared = project.settings.version
                if not any_version:
                    _refuse_other_version(declared, folder)
                return project
        raise RefitError(
            f"there is no {refit_toml.FILE} and no {refit_toml.PIPELINES} at {start} or above it",
            "run refit init to create a repository for your pipelines, or change to an existing one",
        )

    @cached_property
    def settings(self) -> Settings:
        """The content of refit.toml, or the defaults if there is none. Raises InvalidSettings."""
        return refit_toml.read(self.root)

    @property
    def terraform_dir(self) -> Path:
        """The root module of every stack: the checkout's own, or else the one bundled with Refit."""
        return self.root / "terraform" if self.has_terraform else stack_dir() / "terraform"

    @property
    def has_terraform(self) -> bool:
        """Whether the root module is the project's own, as in a checkout of Refit."""
        return (self.root / "terraform" / SOURCES["terraform"]).is_file()

    def require_checkout(self, command: str) -> None:
        """Raises RefitError unless the project is a checkout of Refit, whose files `command` needs."""
        if not self.has_terraform:
            raise RefitError(
                f"{command} needs a checkout of Refit, but {self.root} contains only pipelines",
                "change to a clone of Refit's repository",
            )

    @property
    def pipelines_dir(self) -> Path:
        return self.root / self.settings.pipelines

    @property
    def build_root(self) -> Path:
        """The folder for the build artifacts of each pipeline, and for downloads that all pipelines share."""
        return self.root / "build"

    @property
    def state_dir(self) -> Path:
        """The embedded cloud's folder: REFIT_STATE_DIR, or else `.refit/`."""
        return Path(os.environ.get("REFIT_STATE_DIR") or self.root / ".refit")

    def pipelines(self) -> list[PipelineRef]:
        """All pipelines on disk, ordered by environment and name; none of a folder that is a link.

        driver/refit/pipeline/listing.py has the same rule for the files of a commit, and names all other files.
        """
        files = (path for path in sorted(self.pipelines_dir.glob("*/*.tfvars")) if path.name != ".tfvars")
        return [
            PipelineRef(self, path)
            for path in files
            if not path.parent.is_symlink() and (path.is_symlink() or not path.is_dir())
        ]

    def find(self, name: str) -> PipelineRef:
        """The pipeline `name`: `<environment>/<pipeline>`, the file's path, or the name alone if it is unique.

        Raises PipelineNotFound, listing the candidates.
        """
        refs = self.pipelines()
        path = Path(name)
        if path.suffix == ".tfvars":
            matching = [ref for ref in refs if ref.path == path.parent.resolve() / path.name]
        else:
            matching = [ref for ref in refs if name in (ref.key, ref.name)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            choices = " or ".join(ref.key for ref in matching)
            raise PipelineNotFound(f"{name} is in more than one environment", f"write {choices}")
        choices = ", ".join(ref.key for ref in refs) or "none yet"
        raise PipelineNotFound(f"there is no pipeline {name}", f"{meant(name, refs)}the pipelines are: {choices}")


def meant(name: str, refs: Iterable[PipelineRef]) -> str:
    """`did you mean …? ` for a name that is close to that of a pipeline, else an empty text."""
    known = {spelling: ref.key for ref in refs for spelling in (ref.name, ref.key)}
    close = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"did you mean {known[close[0]]}? " if close else ""


@dataclass(frozen=True)
class PipelineRef:
    """One pipeline file and its folders."""

    project: Project
    path: Path

    @property
    def environment(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def key(self) -> str:
        """`<environment>/<pipeline>`, the name on the command line and in state keys."""
        return f"{self.environment}/{self.name}"

    @property
    def is_local(self) -> bool:
        return self.environment == LOCAL

    @property
    def build_dir(self) -> Path:
        """The folder for `lambdas.zip`, `state_machine.asl.json`, `build.json` and Terraform's own data."""
        return self.project.build_root / self.environment / self.name

    @property
    def display_path(self) -> str:
        """The file's path relative to the project, with slashes."""
        return self.path.relative_to(self.project.root).as_posix()


def to_version(declared: str, root: Path) -> str:
    """The command that installs the version that refit.toml requires, and the one to require this version instead.

    It installs from requirements.txt if that pins the same version: the package index may not have Refit.
    """
    file = root / "requirements.txt"
    install = f"pip install '{DISTRIBUTION}=={declared}' (or pipx install, or uv tool install)"
    if file.is_file() and declared in file.read_text(encoding="utf-8", errors="replace"):
        install = f"pip install --require-hashes -r {file.name}"
    return f"{install}; to change to this version instead: refit init --update"


def _refuse_other_version(declared: str | None, root: Path) -> None:
    """Raises RefitError if refit.toml, or the checkout with the stack's sources, requires another version of Refit."""
    if declared is not None and declared != VERSION:
        raise RefitError(
            f"{refit_toml.FILE} requires version {declared}, but this is Refit {VERSION}",
            f"run: {to_version(declared, root)}",
        )
    checkout = stack_dir() / "driver" / "refit" / "version.py"
    if checkout.is_file() and f'VERSION = "{VERSION}"' not in checkout.read_text(encoding="utf-8").splitlines():
        raise RefitError(
            f"{stack_dir()} is a checkout of another version, and this is Refit {VERSION}",
            f"run: make setup, then {stack_dir()}/.venv/bin/refit",
        )


def _is_root(folder: Path) -> bool:
    return (
        os.path.lexists(folder / refit_toml.FILE)  # whatever it is: a link or a folder is reported, not overlooked
        or (folder / refit_toml.PIPELINES).is_dir()
        or ((folder / "terraform" / SOURCES["terraform"]).is_file() and (folder / "asl").is_dir())
    )
