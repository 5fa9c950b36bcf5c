"""Pipeline files for tests: a checkout in a temporary folder, and the shortest file that is valid."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files as pipeline
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project

TODAY = date(2026, 11, 22)
MINIMAL = """\
pipeline = "home-prices"
data = { prefix = "data/home-prices/train/", feature_dim = 13 }
"""


def write(root: Path, text: str | bytes = MINIMAL, name: str = "home-prices", environment: str = "prod") -> PipelineRef:
    """Writes one pipeline file into the checkout at `root`."""
    path = root / "terraform" / "pipelines" / environment / f"{name}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return PipelineRef(Project(root), path)


def load(root: Path, text: str | bytes) -> Pipeline:
    """The pipeline that a file with this text is, as of TODAY."""
    return pipeline.load(write(root, text), TODAY)


def problems(root: Path, text: str | bytes) -> list[str]:
    """The problems of a file with this text, without its path: `line:column: code message; hint`."""
    with pytest.raises(InvalidPipeline) as raised:
        load(root, text)
    return [str(problem).removeprefix(f"{problem.file}:") for problem in raised.value.problems]


def problem(root: Path, text: str) -> str:
    """The one problem that the minimal file has with `text` behind it, without its line."""
    (only,) = problems(root, MINIMAL + text)
    return only.partition(":")[2]
