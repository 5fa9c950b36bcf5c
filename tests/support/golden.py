"""Compares texts with golden files, or writes them if REFIT_WRITE_GOLDEN is set."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def same_as(name: str, text: str) -> bool:
    """Whether `text` equals the content of tests/golden/`name`."""
    file = FOLDER / name
    if os.environ.get("REFIT_WRITE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8") == text
