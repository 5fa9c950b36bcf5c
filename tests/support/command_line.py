"""Runs the installed `refit` command, and lists all of its commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from refit.commands import app

ROOT = Path(__file__).parents[2]
REFIT = Path(sys.executable).with_name("refit")


def refit(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `refit ARGUMENTS` as a user does, with additional `environment`. The caller must check the exit code."""
    return subprocess.run(
        [REFIT, *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def asking(line: str) -> dict[str, str]:
    """The variables with which bash requests the completions of the last word of `line`."""
    return {"_REFIT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}


def _paths(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        if not command.hidden:
            yield from _paths(command, (*path, name))


PATHS = list(_paths(typer.main.get_command(app)))
"""The words of every command and group in the help: `()` for refit itself, `("local", "up")`, …"""
GROUPS = {path[:-1] for path in PATHS if path}
