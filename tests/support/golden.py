"""Texts that are compared with a file, and written to it when REFIT_WRITE_GOLDEN is set."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def same_as(name: str, text: str) -> bool:
    """Whether `text` is what tests/golden/`name` holds."""
    file = FOLDER / name
    if os.environ.get("REFIT_WRITE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8") == text
