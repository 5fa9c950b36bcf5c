"""Finds the project's folders: its pipeline files, what is built from them, and the sources of the stack.

A project is a checkout of Refit, or a repository that holds pipeline files alone. It finds and names; of files it reads
refit.toml only, and it writes nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
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
"""The folders that a stack is made of, and a file that each of them holds."""


@cache
def stack_dir() -> Path:
    """The folder that holds `terraform/`, `asl/` and `lambdas/`.

    The checkout of Refit that holds the working directory, else what this package brings: in a wheel its own data, in
    an editable installation the checkout that it was installed from.
    """
    here = Path.cwd()
    for folder in (here, *here.parents):
        if all((folder / name / file).is_file() for name, file in SOURCES.items()):
            return folder
    bundled = PACKAGE / "stack"
    return bundled if bundled.is_dir() else PACKAGE.parents[1]


@dataclass(frozen=True)
class Project:
    """A folder with pipeline files: a checkout of Refit, or a repository of a team's own."""

    root: Path

    @classmethod
    def here(cls, start: Path | None = None, *, any_version: bool = False) -> Project:
        """The project that holds `start` (the working directory by default).

        Its root is the nearest folder with refit.toml, with `terraform/pipelines/`, or with the sources of a checkout.
        Raises RefitError when there is none, InvalidSettings for a refit.toml that cannot be used, and RefitError when
        refit.toml or the checkout is of another version than this one, unless `any_version`.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if _is_root(folder):
                project = cls(folder)
                declared = project.settings.version
                if not any_version:
                    _refuse_other_version(declared)
                return project
        raise RefitError(
            f"there is no {refit_toml.FILE} and no {refit_toml.PIPELINES} at {start} or above it",
            "run: refit init, which makes a repository for your pipelines; or change into one",
        )

    @cached_property
    def settings(self) -> Settings:
        """The content of refit.toml; the defaults without one. Raises InvalidSettings."""
        return refit_toml.read(self.root)

    @property
    def terraform_dir(self) -> Path:
        """The root module of every stack: the checkout's own, else the one that Refit brings."""
        return self.root / "terraform" if self.has_terraform else stack_dir() / "terraform"

    @property
    def has_terraform(self) -> bool:
        """Whether the root module is the project's own, as in a checkout of Refit."""
        return (self.root / "terraform" / SOURCES["terraform"]).is_file()

    def require_checkout(self, command: str) -> None:
        """Raises RefitError unless the project is a checkout of Refit, whose files `command` needs."""
        if not self.has_terraform:
            raise RefitError(
                f"{command} needs a checkout of Refit, and {self.root} holds pipelines alone",
                "change into a clone of Refit's own repository",
            )

    @property
    def pipelines_dir(self) -> Path:
        return self.root / self.settings.pipelines

    @property
    def build_root(self) -> Path:
        """Holds what is built of each pipeline, and what is downloaded for all of them."""
        return self.root / "build"

    @property
    def state_dir(self) -> Path:
        """The embedded cloud's folder: `.refit/`, or where REFIT_STATE_DIR points."""
        return Path(os.environ.get("REFIT_STATE_DIR") or self.root / ".refit")

    def pipelines(self) -> list[PipelineRef]:
        """Every pipeline file there is, ordered by environment and name."""
        return [PipelineRef(self, path) for path in sorted(self.pipelines_dir.glob("*/*.tfvars"))]

    def find(self, name: str) -> PipelineRef:
        """The pipeline called `<environment>/<pipeline>`, by its file's path, or by a name that one environment has.

        Raises PipelineNotFound, naming the candidates.
        """
        refs = self.pipelines()
        path = Path(name)
        if path.suffix == ".tfvars":
            matching = [ref for ref in refs if ref.path == path.resolve()]
        else:
            matching = [ref for ref in refs if name in (ref.key, ref.name)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            choices = " or ".join(ref.key for ref in matching)
            raise PipelineNotFound(f"{name} is in more than one environment", f"write {choices}")
        choices = ", ".join(ref.key for ref in refs) or "none yet"
        raise PipelineNotFound(f"there is no pipeline {name}", f"the pipelines are: {choices}")


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
        """`<environment>/<pipeline>`: its name on the command line and in state keys."""
        return f"{self.environment}/{self.name}"

    @property
    def is_local(self) -> bool:
        return self.environment == LOCAL

    @property
    def build_dir(self) -> Path:
        """Holds `lambdas.zip`, `state_machine.asl.json`, `build.json` and Terraform's own data."""
        return self.project.build_root / self.environment / self.name

    @property
    def display_path(self) -> str:
        """The file's path relative to the project, with slashes."""
        return self.path.relative_to(self.project.root).as_posix()


def _refuse_other_version(declared: str | None) -> None:
    """Raises RefitError when refit.toml, or the checkout with the stack's sources, is of another version than this."""
    if declared not in (None, VERSION):
        raise RefitError(
            f"{refit_toml.FILE} says version {declared}, and this is Refit {VERSION}",
            f"run: pip install '{DISTRIBUTION}=={declared}' (or pipx install, or uv tool install); "
            "to change to this version instead: refit init --update",
        )
    checkout = stack_dir() / "driver" / "refit" / "version.py"
    if checkout.is_file() and f'VERSION = "{VERSION}"' not in checkout.read_text(encoding="utf-8").splitlines():
        raise RefitError(
            f"{stack_dir()} is a checkout of another version than this Refit {VERSION}",
            f"run: make setup, then {stack_dir()}/.venv/bin/refit",
        )


def _is_root(folder: Path) -> bool:
    return (
        (folder / refit_toml.FILE).is_file()
        or (folder / refit_toml.PIPELINES).is_dir()
        or ((folder / "terraform" / SOURCES["terraform"]).is_file() and (folder / "asl").is_dir())
    )
