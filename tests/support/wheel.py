"""Builds the wheel from copies of what git tracks here, as `make wheel` does in a clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from refit.init.installed import WHEEL
from tests.support.tracked_files import ROOT, tracked

OF_WHEEL = (
    "LICENSE",
    "README.md",
    "asl",
    "driver",
    "hatch_build.py",
    "lambdas",
    "pyproject.toml",
    "requirements",
    "terraform",
)


def copy_sources(folder: Path) -> None:
    """Copies the files that a wheel is built from, and .gitignore, which lists the files to omit."""
    for path in (*tracked(*OF_WHEEL, untracked=True), ".gitignore"):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)


def build(folder: Path, dist: Path, **environment: str) -> Path:
    """Builds the wheel of the sources in `folder`; returns its path."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(dist)],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    return dist / WHEEL
