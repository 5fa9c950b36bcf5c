"""Reads a user's CSV file as training rows: without a header, label first, as Linear Learner expects them.

Reports every kind of bad row; drops none.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from refit.data import csv_file, row_problems
from refit.data.csv_columns import Columns, Positions, listed, locate
from refit.data.csv_file import CsvFile, Line
from refit.data.row_problems import NOT_A_DAY
from refit.domain.csv_cells import Mistake, mistake
from refit.domain.csv_lines import HEADER, Fault, faults
from refit.domain.data_contract import Contract
from refit.domain.formatting import counted
from refit.domain.window import parse_day
from refit.errors import InvalidData, Problem, RefitError
from refit.problem_codes import Code

QUOTE = '"'


@dataclass(frozen=True)
class Row:
    """One training example: `cells` as in the file, label first; `line` counts from 1; `day` by the date column."""

    cells: tuple[str, ...]
    line: int
    day: date | None = None

    @property
    def label(self) -> float:
        return float(self.cells[0])

    @property
    def features(self) -> str:
        """The row without its label, as sent to an endpoint."""
        return ",".join(self.cells[1:])


def read(path: Path, feature_dim: int, label: str | None = None) -> list[Row]:
    """The rows of one CSV file. Like `read_all`."""
    return read_all([path], feature_dim, Columns(label))[path]


def read_all(
    paths: Sequence[Path], feature_dim: int, columns: Columns, contract: Contract | None = None
) -> dict[Path, list[Row]]:
    """The rows of CSV files, which have the same columns; with a header, in any order.

    Without `columns.label`, the files have no header and the label is the first column. Otherwise the first line is the
    header, and the column with that name is moved to the front. Raises RefitError if a file cannot be read or has no
    rows, and InvalidData with every kind of bad row: a row needs `feature_dim` + 1 finite numbers
    (https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html#cdf-csv-format), or with a `contract` values of
    its types.
    """
    rows: dict[Path, list[Row]] = {}
    problems: list[Problem] = []
    order: tuple[str, ...] = ()
    for path in paths:
        try:
            file = csv_file.read(path)
            at = locate(file, columns, order)
            order = order or (tuple(at.names[feature] for feature in at.features) if at else ())
            rows[path] = _rows(file, at, feature_dim, contract)
        except InvalidData as error:
            problems += error.problems
    if problems:
        raise InvalidData(problems)
    return rows


def _rows(file: CsvFile, at: Positions | None, feature_dim: int, contract: Contract | None) -> list[Row]:
    lines = file.lines[1:] if at else file.lines
    if not lines:
        raise RefitError(f"{file.name}: no rows", "a day of data needs at least one row")
    width = len(at.names) if at else feature_dim + 1
    if at and len(at.features) != feature_dim:
        features = listed([at.names[place] for place in at.features])
        message = f"the header has {counted(len(at.features), 'feature')} ({features}), expected {feature_dim}"
        hint = f"write feature_dim = {len(at.features)} in the pipeline file"
        if len(at.features) > feature_dim:
            text = [
                at.names[place] for place, cell in enumerate(lines[0].cells) if place in at.features and mistake(cell)
            ]
            hint = f"leave columns out: --drop {text[0] if text else 'NAME'}; or {hint}"
        raise InvalidData([Problem(file.name, file.lines[0].number, 1, Code.WRONG_COLUMNS, message, hint)])
    found = [(line.number, fault) for line in lines for fault in _faults(line, at, width, contract)]
    if found:
        file.raise_if_other_format(width)
        names = at.names if at else ()
        raise InvalidData(row_problems.summarize(file.name, found, len(lines), names, lambda fault: _hint(fault, at)))
    if at is None:
        return [Row(tuple(line.cells), line.number) for line in lines]
    return [Row(tuple(line.cells[place] for place in at.row), line.number, _day(line, at)) for line in lines]


def _faults(line: Line, at: Positions | None, width: int, contract: Contract | None) -> list[Fault]:
    if at is None:
        return _faults_of_row(line.cells, contract, first=line.number == 1, width=width)
    if len(line.cells) != width:
        return [Fault(f"has {counted(len(line.cells), 'column')}, but the header has {width}")]
    found = _faults_of_row([line.cells[place] for place in at.row], contract, width=len(at.row))
    moved = [fault._replace(column=at.row[fault.column - 1] + 1) for fault in found]
    if at.date is not None and _day(line, at) is None:
        moved.append(Fault(NOT_A_DAY, at.date + 1, line.cells[at.date]))
    return moved


def _faults_of_row(cells: list[str], contract: Contract | None, *, width: int, first: bool = False) -> list[Fault]:
    """The faults of a row, label first; by the types of the contract, if there is one."""
    if contract is None or len(cells) != width:
        return faults(cells, width, first=first)
    bad = {
        at for at, (column, cell) in enumerate(zip(contract.columns, cells, strict=True), 1) if not column.accepts(cell)
    }
    found = faults(cells, width, first=first) if bad else []
    if any(fault.kind == HEADER for fault in found):
        return found
    other = "is not a whole number"  # the only mistake in a number
    return [fault for fault in found if fault.column in bad] or [Fault(other, at, cells[at - 1]) for at in sorted(bad)]


def _day(line: Line, at: Positions) -> date | None:
    """The day in the date column: a date, or the date of a time as it is written; None if it is neither."""
    if at.date is None:
        return None
    text = line.cells[at.date]
    try:
        day = parse_day(text[:10])
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return day if text[10:11] in ("", "T", " ") else None


def _hint(fault: Fault, at: Positions | None) -> str:
    if fault.kind == HEADER:
        return "remove the line, or name the label's column: --label NAME"
    if fault.kind == NOT_A_DAY:
        return "write YYYY-MM-DD, or a time such as 2026-11-22T06:00:00Z"
    if not fault.column:
        return "write every column in each row"
    name = at.names[fault.column - 1] if at else "NAME"
    if at is None or at.label == fault.column - 1:
        return "write a number"
    if fault.kind == Mistake.DATE:
        return f"leave the column out: --drop {name}, or upload each row to its day: --date-column {name}"
    return f"write a number, or leave the column out: --drop {name}"


def shuffled(rows: Sequence[Row], seed: int) -> list[Row]:
    """The same rows in an order that depends only on `seed`."""
    order = list(rows)
    random.Random(seed).shuffle(order)  # noqa: S311 - a reproducible order, not a secret
    return order


def split(rows: Sequence[Row], parts: int) -> list[list[Row]]:
    """The rows in `parts` parts of nearly equal size, in order. Raises RefitError if there are too few rows."""
    if not 1 <= parts <= len(rows):
        hint = f"write a number from 1 to {len(rows)}"
        raise RefitError(f"{counted(len(rows), 'row')} cannot be split into {parts} days", hint)
    bounds = [round(part * len(rows) / parts) for part in range(parts + 1)]
    return [list(rows[start:end]) for start, end in pairwise(bounds)]


def body(rows: Sequence[Row]) -> bytes:
    """The content of an object with `rows`: one line per row, no header."""
    return "".join(f"{','.join(map(_written, row.cells))}\n" for row in rows).encode()


def _written(cell: str) -> str:
    """A cell, in quotes if it is a text that needs them."""
    return f'"{cell.replace(QUOTE, QUOTE * 2)}"' if "," in cell or QUOTE in cell else cell
