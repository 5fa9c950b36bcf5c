"""Builds the wheel from copies of what git tracks here, as `make wheel` does in a clone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from refit.init.installed import WHEEL

ROOT = Path(__file__).parents[2]
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


def tracked(*folders: str) -> list[str]:
    """The files below `folders` that git tracks or would add, relative to the checkout."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(path for path in filter(None, listing.stdout.split("\0")) if (ROOT / path).is_file())


def copy_sources(folder: Path) -> None:
    """Copies the files that a wheel is built from, and .gitignore, which says what is left out."""
    for path in (*tracked(*OF_WHEEL), ".gitignore"):
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
