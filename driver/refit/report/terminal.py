"""Formats values for a terminal: styles and durations."""

from __future__ import annotations

GOOD, BAD, NEWS = "green", "red", "yellow"
"""Styles: what is as it should be, what has failed, and what needs attention."""
NONE = "–"
"""The text of a value that does not exist."""


def duration(seconds: float) -> str:
    """How long something took: `90 s`, `7 min`."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
