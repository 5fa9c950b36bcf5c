"""Defines what a number is in a cell of CSV, and names the mistake in a cell that is not one. Pure.

Every reader of rows uses this definition: `refit upload`, `refit predict`, `refit validate --live`, the gate, and the
embedded Linear Learner. Python's float() reads more: digits of every script, 1_000, nan and no-break spaces.
"""

from __future__ import annotations

import math
import re
import unicodedata
from enum import StrEnum

WHITE = " \t\r\n\v\f"
"""The white space around a cell that does not count; the same characters as in bytes.strip()."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
SHORT_NUMBER = re.compile(r"[+-]?[0-9]{1,99}(?:\.[0-9]{0,99})?")
"""A number that is certainly finite: 24, -0.5, without an exponent."""
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?")
_LONGEST_WORD = 200
"""Longer cells are not repaired: no number that a person wrote has so many characters."""


class Mistake(StrEnum):
    """What is wrong with a cell. The value follows "column 3 …"."""

    EMPTY = "is empty"
    TOO_LARGE = "is too large for a 64-bit number"
    NOT_FINITE = "is not a finite number"
    INVISIBLE = "contains a no-break space or an invisible character"
    OTHER_SCRIPT = "has digits or signs that are not ASCII"
    QUOTED = "is in quotes"
    SEPARATED = "has a decimal comma or a thousands separator"
    DATE = "is a date"
    TEXT = "is text"


def split(line: str) -> list[str]:
    """The cells of a line without quotes, without the white space around them."""
    return [cell.strip(WHITE) for cell in line.split(",")]


def is_number(cell: str) -> bool:
    """Whether the cell is a finite number in ASCII: 24, -.5, 6.02e23."""
    return NUMBER.fullmatch(cell) is not None and math.isfinite(float(cell))


def is_header(cells: list[str]) -> bool:
    """Whether the cells of a first line are the names of columns: none is meant as a number, and not all are empty."""
    return any(cells) and all(mistake(cell) in (Mistake.TEXT, Mistake.EMPTY) for cell in cells)


def mistake(cell: str) -> Mistake | None:
    """What is wrong with the cell; None if it is a number."""
    if NUMBER.fullmatch(cell):
        return None if math.isfinite(float(cell)) else Mistake.TOO_LARGE
    if not cell:
        return Mistake.EMPTY
    if _NOT_FINITE.fullmatch(cell):
        return Mistake.NOT_FINITE
    if _DATE.fullmatch(cell):
        return Mistake.DATE
    if repaired(cell) is None:
        return Mistake.TEXT
    if any(_is_invisible(char) for char in cell):
        return Mistake.INVISIBLE
    if not cell.isascii():
        return Mistake.OTHER_SCRIPT
    return Mistake.QUOTED if cell[0] in "\"'" else Mistake.SEPARATED


def repaired(cell: str) -> str | None:
    """The number that the writer of the cell meant, as it should be written; None if that is not certain."""
    if len(cell) > _LONGEST_WORD:
        return None
    text = "".join(_ascii(char) for char in cell if not _is_invisible(char))
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    text = re.sub(r"(?<=[0-9])[ '_](?=[0-9]{3})", "", text.strip(WHITE)).replace("_", "")
    if re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        text = text.replace(",", ".")
    return text if is_number(text) else None


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or (char.isspace() and char not in WHITE)


def _ascii(char: str) -> str:
    """A digit of any script, a full-width character or a minus sign as its ASCII character; others as they are."""
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    digit = unicodedata.decimal(char, None)
    return {"\u2212": "-", "\u2013": "-"}.get(char, char) if digit is None else str(digit)
