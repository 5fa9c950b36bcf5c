"""A checkout of Refit in a git repository of its own, with the pipeline files that a test writes."""

from __future__ import annotations

from pathlib import Path

from refit.project import Project
from tests.support.repository import FOLDER, Repository

LEAST = """pipeline = "{name}"
region   = "us-west-2"
data     = {{ prefix = "data/{name}/", feature_dim = 2 }}
"""


class Checkout(Repository):
    """The repository; `main` has no pipelines yet."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        (root / "asl").mkdir()
        self.write("terraform/main.tf", b"")
        self.write(".gitignore", b".refit/\n")
        self.base = self.commit()

    @property
    def project(self) -> Project:
        return Project(self.root)

    def pipeline(self, key: str, *lines: str) -> None:
        """Writes a pipeline file: the least there must be, and `lines`."""
        name = key.partition("/")[2]
        self.write(
            f"{FOLDER}/{key}.tfvars", (LEAST.format(name=name) + "".join(f"{line}\n" for line in lines)).encode()
        )
