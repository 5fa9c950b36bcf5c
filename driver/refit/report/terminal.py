"""Formats values for a terminal: styles, durations, and text from outside without control characters."""

from __future__ import annotations

GOOD, BAD, NEWS = "green", "red", "yellow"
"""Styles: what is as it should be, what has failed, and what needs attention."""
NONE = "–"
"""The text of a value that does not exist."""


def duration(seconds: float) -> str:
    """How long something took: `90 s`, `7 min`."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def plain(text: str) -> str:
    """`text` with every character that is not printable as its escape.

    Log lines and error messages may contain anything; none of it moves the cursor or sets a colour.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
