"""Reads a user's CSV file as training rows: without a header, label first, as Linear Learner expects them.

Reports every bad row; drops none.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from refit.domain.formatting import counted
from refit.errors import InvalidData, Problem, RefitError
from refit.problem_codes import Code


@dataclass(frozen=True)
class Row:
    """One training example: `cells` as in the file, label first; `line` counts from 1."""

    cells: tuple[str, ...]
    line: int

    @property
    def label(self) -> float:
        return float(self.cells[0])

    @property
    def features(self) -> str:
        """The row without its label, as sent to an endpoint."""
        return ",".join(self.cells[1:])


def read(path: Path, feature_dim: int, label: str | None = None) -> list[Row]:
    """The rows of a CSV file.

    Without `label`, the file has no header and the label is the first column. With `label`, the first line is a header,
    and the column with that name is moved to the front. Raises RefitError if the file cannot be read or has no rows,
    and InvalidData with every bad cell: a row needs `feature_dim` + 1 finite numbers
    (https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html#cdf-csv-format).
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file, strict=True)
            numbered = [(lines.line_num, [cell.strip() for cell in cells]) for cells in lines if cells]
    except OSError as error:
        raise RefitError(f"{path}: {error.strerror}", "give the path of a CSV file") from error
    except (csv.Error, UnicodeDecodeError) as error:
        raise RefitError(f"{path}: not a CSV file in UTF-8: {error}") from error
    first = _label_position(path, numbered, label)
    rows = numbered if label is None else numbered[1:]
    if not rows:
        raise RefitError(f"{path}: no rows", "a day of data needs at least one row")
    problems = [problem for line, cells in rows for problem in _problems(str(path), line, cells, feature_dim, label)]
    if problems:
        raise InvalidData(problems)
    return [Row((cells[first], *cells[:first], *cells[first + 1 :]), line) for line, cells in rows]


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
    return "".join(f"{','.join(row.cells)}\n" for row in rows).encode()


def _label_position(path: Path, numbered: Sequence[tuple[int, list[str]]], label: str | None) -> int:
    if label is None or not numbered:
        return 0
    names = numbered[0][1]
    if label not in names:
        hint = f"the columns are: {', '.join(names)}"
        raise InvalidData([Problem(str(path), 1, 1, Code.UNKNOWN_COLUMN, f"there is no column {label}", hint)])
    return names.index(label)


def _problems(file: str, line: int, cells: Sequence[str], feature_dim: int, label: str | None) -> list[Problem]:
    if len(cells) != feature_dim + 1:
        message = f"{counted(len(cells), 'column')}, expected {feature_dim + 1}"
        return [Problem(file, line, 1, Code.WRONG_COLUMNS, message, "write the label and every feature")]
    if line == 1 and label is None and is_header(cells):
        hint = "remove the line, or name the label's column: --label NAME"
        return [Problem(file, line, 1, Code.HEADER, "this line is a header, not data", hint)]
    return not_numbers(file, line, cells)


def is_header(cells: Sequence[str]) -> bool:
    """Whether no cell of the line is a number, as in the header of a file."""
    return not any(_is_number(cell) for cell in cells)


def not_numbers(file: str, line: int, cells: Sequence[str]) -> list[Problem]:
    """A problem for each cell that is not a finite number; the column counts cells from 1."""
    return [
        Problem(file, line, column, Code.NOT_A_NUMBER, f"{cell or 'an empty cell'} is not a finite number")
        for column, cell in enumerate(cells, start=1)
        if not _is_number(cell)
    ]


def _is_number(cell: str) -> bool:
    try:
        # Python reads 1_000 as a number; other programs do not.
        return "_" not in cell and math.isfinite(float(cell))
    except ValueError:
        return False
