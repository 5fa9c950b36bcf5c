"""Creates checkouts for tests: a git repository with history, pipeline files, and the shortest valid file."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project

ROOT = Path(__file__).parents[2]
FOLDER = "terraform/pipelines"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINIMAL = """\
pipeline = "home-prices"
data = { prefix = "data/home-prices/train/", feature_dim = 13 }
"""
OWN_IMAGE = '\ntraining = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1" }\n'
REQUIRED = """pipeline = "{name}"
region   = "us-west-2"
data     = {{ prefix = "data/{name}/", feature_dim = 2 }}
"""


def with_contract(text: str) -> str:
    """The pipeline file MINIMAL in `text` with a data contract for its 14 columns."""
    columns = ", ".join(f'{{ name = "x{at}" }}' for at in range(14))
    return text.replace("feature_dim = 13 }", f"feature_dim = 13, schema = [{columns}] }}")


def copy_of_checkout(folder: Path, *left_out: str) -> Path:
    """Copies Terraform's files and the templates into `folder`, without build output and the folders `left_out`."""
    ignored = shutil.ignore_patterns(".terraform", *left_out)
    shutil.copytree(ROOT / "terraform", folder / "terraform", ignore=ignored)
    shutil.copytree(ROOT / "asl", folder / "asl")
    return folder


class Repository:
    """A real repository; every commit is one hour after the previous one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")
        self.clock = datetime(2026, 11, 22, 6, tzinfo=UTC)

    def git(self, *arguments: str) -> str:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "C",
            "GIT_COMMITTER_EMAIL": "c@example.com",
        }
        if arguments[0] in ("commit", "merge"):
            environment["GIT_AUTHOR_DATE"] = "2020-01-01T00:00:00Z"
            environment["GIT_COMMITTER_DATE"] = self.clock.isoformat()
            self.clock += timedelta(hours=1)
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments], env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, path: str, content: bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def commit(self, **files: bytes) -> str:
        for name, content in files.items():
            self.write(f"{FOLDER}/prod/{name}.tfvars", content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return self.git("rev-parse", "HEAD")


class Checkout(Repository):
    """Creates a repository with a checkout of Refit, whose branch `main` has no pipelines yet."""

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
        """Writes a pipeline file: the required fields, and `lines`."""
        name = key.partition("/")[2]
        self.write(
            f"{FOLDER}/{key}.tfvars", (REQUIRED.format(name=name) + "".join(f"{line}\n" for line in lines)).encode()
        )


def write(root: Path, text: str | bytes = MINIMAL, name: str = "home-prices", environment: str = "prod") -> PipelineRef:
    """Writes one pipeline file into the checkout at `root`."""
    path = root / "terraform" / "pipelines" / environment / f"{name}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return PipelineRef(Project(root), path)


def load(root: Path, text: str | bytes) -> Pipeline:
    """The pipeline that a file with this text declares, as of NOW."""
    return files.load(write(root, text), NOW)


def problems(root: Path, text: str | bytes) -> list[str]:
    """The problems of a file with this text, without its path: `line:column: code message; hint`."""
    with pytest.raises(InvalidPipeline) as raised:
        load(root, text)
    return [str(problem).removeprefix(f"{problem.file}:") for problem in raised.value.problems]


def problem(root: Path, text: str) -> str:
    """The only problem of the minimal file followed by `text`, without its line."""
    (only,) = problems(root, MINIMAL + text)
    return only.partition(":")[2]
