"""Hands the error that ends a starting server to the process that started it, and marks a server that runs.

Both are files in the folder `tmp`, which is emptied before a server starts. This module needs no ministack.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from refit.errors import CloudError

FOLDER = "tmp"


def report(state_dir: Path, error: CloudError) -> None:
    """Keeps the error for `reported`. If the disk is full, it is only in the log."""
    with contextlib.suppress(OSError):
        _error(state_dir).write_text(json.dumps({"error": str(error), "hint": error.hint}))


def reported(state_dir: Path) -> CloudError | None:
    """The error that ended the server while it started; None if it reported none."""
    try:
        document = json.loads(_error(state_dir).read_text())
        return CloudError(document["error"], document["hint"])
    except (OSError, ValueError, KeyError):
        return None


def unsaved_mark(state_dir: Path) -> Path:
    """The file that exists from the start of a server until it has saved its state at its end."""
    return state_dir / FOLDER / "unsaved"


def _error(state_dir: Path) -> Path:
    return state_dir / FOLDER / "error.json"
