"""Where things are: the checkout, its pipeline files, what is built from them, and the embedded cloud's state.

Finds and names; reads and writes nothing.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from refit.errors import PipelineNotFound, RefitError

LOCAL = "local"
"""The environment whose pipelines run on the embedded cloud."""


@dataclass(frozen=True)
class Project:
    """One checkout of Refit."""

    root: Path

    @classmethod
    def here(cls, start: Path | None = None) -> Project:
        """The checkout that holds `start` (the working directory by default).

        Raises RefitError when no folder above has both `terraform/` and `asl/`.
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / "terraform" / "main.tf").is_file() and (folder / "asl").is_dir():
                return cls(folder)
        raise RefitError(f"no Refit checkout at {start} or above it", "change into the clone of the repository first")

    @property
    def terraform_dir(self) -> Path:
        return self.root / "terraform"

    @property
    def pipelines_dir(self) -> Path:
        return self.terraform_dir / "pipelines"

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
        known = self.pipelines()
        path = Path(name)
        if path.suffix == ".tfvars":
            found = [ref for ref in known if ref.path == path.resolve()]
        else:
            found = [ref for ref in known if name in (ref.key, ref.name)]
        if len(found) == 1:
            return found[0]
        if found:
            choices = " or ".join(ref.key for ref in found)
            raise PipelineNotFound(f"{name} is in more than one environment", f"write {choices}")
        choices = ", ".join(ref.key for ref in known) or "none yet"
        raise PipelineNotFound(f"there is no pipeline {name}", f"the pipelines are: {choices}")


@dataclass(frozen=True)
class PipelineRef:
    """One pipeline file, and the places that belong to it."""

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
        """`<environment>/<pipeline>`: how people and state keys name it."""
        return f"{self.environment}/{self.name}"

    @property
    def is_local(self) -> bool:
        return self.environment == LOCAL

    @property
    def build_dir(self) -> Path:
        """Holds `lambdas.zip`, `state_machine.asl.json`, `build.json` and Terraform's own data."""
        return self.project.root / "build" / self.environment / self.name

    @property
    def display_path(self) -> str:
        """The file's path as people write it, relative to the checkout."""
        return self.path.relative_to(self.project.root).as_posix()
