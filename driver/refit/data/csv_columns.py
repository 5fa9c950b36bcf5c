"""Finds the columns of a CSV file by the names in its header: the label, the date and the columns to leave out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from refit.data.csv_file import CsvFile
from refit.domain.csv_cells import is_number
from refit.errors import InvalidData, Problem, RefitError
from refit.problem_codes import Code

SHOWN = 20
"""The number of column names in a hint."""


@dataclass(frozen=True)
class Columns:
    """The names that the user gives. Without a `label`, the file has no header and the label is its first column."""

    label: str | None = None
    date: str | None = None
    drop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises RefitError if the names contradict each other."""
        if self.label is None:
            if self.date is not None or self.drop:
                option = "--drop" if self.date is None else "--date-column"
                raise RefitError(f"{option} needs a file with a header", "name the label's column, too: --label NAME")
            return
        if self.label == self.date or self.label in self.drop:
            option = "--date-column" if self.label == self.date else "--drop"
            raise RefitError(f"{self.label} is the label; it cannot be the column of {option}", f"leave out {option}")
        if self.date in self.drop:
            raise RefitError(
                f"{self.date} is the date column, which is never a feature", f"leave out --drop {self.date}"
            )


@dataclass(frozen=True)
class Positions:
    """The positions of columns in a line, counting from 0. `features` keeps the file's order."""

    label: int
    features: tuple[int, ...]
    names: tuple[str, ...] = ()
    date: int | None = None

    @property
    def row(self) -> tuple[int, ...]:
        """The columns of a row: label first."""
        return (self.label, *self.features)


def locate(file: CsvFile, columns: Columns, order: Sequence[str] = ()) -> Positions | None:
    """The columns by the header, line 1; None without a `label`. Raises InvalidData with every wrong name.

    `order` are the names of the features in another file: they are found in this order, wherever they are here.
    """
    if columns.label is None or not file.lines:
        return None
    number, header = file.lines[0]
    if any(map(is_number, header)) and columns.label not in header:
        hint = "leave out --label if the label is the first column; otherwise add a header"
        raise InvalidData([Problem(file.name, number, 1, Code.UNKNOWN_COLUMN, "this line is data, not a header", hint)])
    problems = []
    for name in dict.fromkeys(filter(None, (columns.label, columns.date, *columns.drop))):
        if name not in header:
            problems.append(_unknown(file.name, number, name, header))
        elif header.count(name) > 1 and name not in columns.drop:
            places = " and ".join(str(at) for at, found in enumerate(header, 1) if found == name)
            column, hint = header.index(name) + 1, "rename all but one of them"
            message = f"the columns {places} are all called {name}"
            problems.append(Problem(file.name, number, column, Code.AMBIGUOUS_COLUMN, message, hint))
    if problems:
        file.raise_if_other_format(None)
        raise InvalidData(problems)
    label = header.index(columns.label)
    date = header.index(columns.date) if columns.date else None
    features = [at for at, name in enumerate(header) if at not in (label, date) and name not in columns.drop]
    names = [header[at] for at in features]
    if order and names != list(order):
        if sorted(names) != sorted(order) or len(set(names)) < len(names):
            message = f"the features are {listed(names)}, but those of the first file are {listed(order)}"
            hint = "upload files with different columns one by one"
            raise InvalidData([Problem(file.name, number, 1, Code.WRONG_COLUMNS, message, hint)])
        features = [header.index(name) for name in order]
    return Positions(label, tuple(features), tuple(header), date)


def _unknown(file: str, line: int, name: str, header: Sequence[str]) -> Problem:
    close = difflib.get_close_matches(name, header, 1)
    hint = f"write {close[0]}" if close else f"the columns are: {listed(header)}"
    return Problem(file, line, 1, Code.UNKNOWN_COLUMN, f"there is no column {name}", hint)


def listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")
