"""Assigns the rows of CSV files to days: by the files' names, by a column, or by the days that the user names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from refit.data import csv_rows
from refit.data.csv_columns import Columns
from refit.data.csv_rows import Row
from refit.data.day_files import day_in_name, find
from refit.domain.data_contract import Contract
from refit.errors import RefitError

LAST_DAY = date.max
"""No window has the last day of the calendar: its end would be the day after."""
HINT = "write the day of the data"


@dataclass(frozen=True)
class Assignment:
    """Where the days of rows come from: `columns.date`, else `last_day` and the `days` up to it, else the files' names.

    `seed` shuffles the rows first.
    """

    columns: Columns = field(default_factory=Columns)
    last_day: date | None = None
    days: int = 1
    seed: int | None = None

    def __post_init__(self) -> None:
        """Raises RefitError if the settings contradict each other."""
        if self.columns.date is not None and self.last_day is not None:
            raise RefitError("--date-column and --day both set the day of the rows", "use one of the two")
        if self.days > 1 and self.last_day is None:
            raise RefitError("--days needs the last of the days", "add --day YYYY-MM-DD")
        if self.last_day == LAST_DAY:
            raise RefitError(f"--day {self.last_day}: no window can have this day", HINT)
        if self.last_day is not None and (self.last_day - date.min).days < self.days - 1:
            raise RefitError(f"--day {self.last_day}: the calendar does not have {self.days:,} days up to it", HINT)


def by_day(
    paths: Sequence[Path], feature_dim: int, assignment: Assignment, contract: Contract | None = None
) -> dict[date, list[Row]]:
    """The rows of the files, and of the CSV files in the folders among `paths`, by their day, oldest first.

    Raises InvalidData with every kind of bad row, and RefitError if a file cannot be read or a row has no day.
    """
    files = find(paths)
    by_name = assignment.columns.date is None and assignment.last_day is None
    names = {file: day_in_name(file) for file in files} if by_name else {}
    found = csv_rows.read_all(files, feature_dim, assignment.columns, contract)
    rows = [replace(row, day=names.get(file, row.day)) for file in files for row in found[file]]
    if assignment.seed is not None:
        rows = csv_rows.shuffled(rows, assignment.seed)
    if assignment.last_day is not None:
        parts = csv_rows.split(rows, assignment.days)
        first = assignment.last_day - timedelta(days=assignment.days - 1)
        return {first + timedelta(days=at): part for at, part in enumerate(parts)}
    days: dict[date, list[Row]] = {}
    for row in rows:
        if row.day is None or row.day == LAST_DAY:
            raise RefitError(f"line {row.line}: {row.day} is not the day of any data", "write the day of each row")
        days.setdefault(row.day, []).append(row)
    return dict(sorted(days.items()))
