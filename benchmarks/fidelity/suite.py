"""What a suite of cases is, and what comes of running it."""

from __future__ import annotations

import os
import subprocess
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

BUILD = Path(__file__).parents[2] / "build" / "fidelity"


class NotGiven(Exception):
    """A suite needs something that is not stored here. The text says which variable names it, and how to fetch it."""


@dataclass(frozen=True)
class Case:
    """One comparison: its name, and how the embedded cloud differs; None if it does not."""

    name: str
    difference: str | None = None


class Suite(Protocol):
    """A module of this package with one suite."""

    NAME: str

    def run(self) -> Iterator[Case]:
        """Runs all cases. Raises NotGiven before the first one if the suite cannot run here."""
        ...


def folder_of(variable: str, how: str) -> Path:
    """The folder that an environment variable names. Raises NotGiven without it."""
    value = os.environ.get(variable)
    if not value:
        raise NotGiven(f"set {variable}: {how}")
    folder = Path(value)
    if not folder.is_dir():
        raise NotGiven(f"{variable}={value} is not a folder: {how}")
    return folder


def environment_with(name: str, *packages: str) -> Path:
    """The folder with the programs of a virtual environment with `packages`, in build/; made at the first use.

    Raises NotGiven if they cannot be installed.
    """
    folder = BUILD / name
    marker, wanted = folder / "packages", "\n".join(packages)
    if not marker.exists() or marker.read_text() != wanted:
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
        installed = subprocess.run(pip, capture_output=True, text=True)  # noqa: S603 - our own environment
        if installed.returncode:
            raise NotGiven(f"pip could not install {' '.join(packages)}: {installed.stderr.strip()[-500:]}")
        marker.write_text(wanted)
    return folder / "bin"


def compared(name: str, check: Callable[[], str | None]) -> Case:
    """The case that `check` decides: it returns the difference. An exception is one, too."""
    try:
        return Case(name, check())
    except Exception as error:  # a case that breaks must not hide the others
        return Case(name, f"{type(error).__name__}: {error}")
