"""Text from outside on a terminal: whatever it says, it moves no cursor and sets no colour."""

from __future__ import annotations


def plain(text: str) -> str:
    """`text` with every character that is not printable as its escape: log lines and error messages hold anything."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
