"""Reads a line of CSV as a row of numbers, and finds the mistakes in a line that is not one. Pure.

A row is the label and the features, separated by commas, without quotes and without a header, in UTF-8:
https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html#cdf-csv-format
Lines end in LF or CRLF. Lines of white space are not rows, and are skipped.
"""

from __future__ import annotations

from typing import NamedTuple

from refit.domain.csv_cells import SHORT_NUMBER, is_header, mistake, split
from refit.domain.formatting import counted, cut

SHOWN = 40
"""The number of characters of a cell in a message."""


class Fault(NamedTuple):
    """Why a line is not a row. `kind` is the same for the same mistake; `column` counts from 1, 0 is the whole line."""

    kind: str
    column: int = 0
    cell: str = ""

    def at(self, number: int) -> str:
        """The fault in words, with the number of the row: "row 3, column 2 is text: 'x'"."""
        return f"row {number}, {self}" if self.column else f"row {number} {self}"

    def __str__(self) -> str:
        """The fault without its row: "column 2 is text: 'x'", "has 2 columns, …"."""
        return f"{f'column {self.column} ' if self.column else ''}{self.kind}{self.example}"

    @property
    def example(self) -> str:
        """ ": 'x'", or "" if there is nothing to show."""
        return f": {cut(self.cell, SHOWN)!r}" if self.cell else ""


LABEL = 1
"""The column of the label."""
HEADER = "is a header"
NOT_UTF8 = "is not text in UTF-8"
CARRIAGE_RETURN = "contains a carriage return (CR) without a line feed (LF)"


def is_blank(line: bytes) -> bool:
    """Whether the line has only ASCII white space."""
    return not line.strip()


def row(line: bytes, columns: int, *, first: bool = False, numbers: bool = True) -> list[str] | Fault:
    """The cells of a line that is not blank, or its first fault. `first`: it is line 1, which may be a header.

    Without `numbers`, only the label must be a number: an own image may read text, and cells without a value.
    """
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return Fault(NOT_UTF8)
    text = text.rstrip("\r\n")
    if "\r" in text:
        return Fault(CARRIAGE_RETURN)
    cells = split(text)
    found = [fault for fault in faults(cells, columns, first=first) if numbers or fault.column <= LABEL]
    return found[0] if found else cells


def faults(cells: list[str], columns: int, *, first: bool = False, labeled: bool = True) -> list[Fault]:
    """All faults of a line that has been split into cells; of a header or a wrong number of cells, only that.

    `labeled`: the first of the `columns` is the label.
    """
    if len(cells) == columns and all(map(SHORT_NUMBER.fullmatch, cells)):
        return []  # what the rest of this function would find, too, but slowly
    wrong = [Fault(kind.value, at, cell) for at, cell in enumerate(cells, 1) if (kind := mistake(cell))]
    if first and len(wrong) == len(cells) and is_header(cells):
        return [Fault(HEADER, cell=", ".join(cells))]
    if len(cells) != columns:
        features = f"the label, then {counted(columns - 1, 'feature')}" if labeled else "the features without the label"
        return [Fault(f"has {counted(len(cells), 'column')}, expected {columns}: {features}")]
    return wrong
