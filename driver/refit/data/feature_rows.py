"""Reads the rows of `refit predict` from arguments, a file or standard input, and checks them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from refit.data.csv_rows import is_header, not_numbers
from refit.domain.formatting import counted
from refit.errors import InvalidData, Problem, RefitError
from refit.problem_codes import Code


def read_rows(arguments: Sequence[str], file: Path | None, stdin: TextIO, feature_dim: int) -> list[str]:
    """The rows to predict: the arguments, else the lines of `file` (`-` is `stdin`), else those of `stdin`.

    Raises InvalidData with every bad row, and RefitError if there are no rows or the file cannot be read.
    """
    if arguments and file:
        raise RefitError("rows cannot be given both as arguments and with --file", "use one of the two")
    if arguments:
        return check_rows(arguments, feature_dim, "arguments")
    if file is None or str(file) == "-":
        return check_rows(stdin, feature_dim, "stdin")
    try:
        return check_rows(file.read_text(encoding="utf-8").splitlines(), feature_dim, str(file))
    except OSError as error:
        raise RefitError(f"{file}: {error.strerror}", "give the path of a CSV file") from error
    except UnicodeDecodeError as error:
        raise RefitError(f"{file}: not text in UTF-8") from error


def check_rows(lines: Iterable[str], feature_dim: int, source: str) -> list[str]:
    """The rows in `lines`, without empty lines. Raises InvalidData with every row that is not `feature_dim` numbers."""
    rows, problems = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split(",")]
        if number == 1 and is_header(cells):
            hint = "remove the line"
            problems.append(Problem(source, number, 1, Code.HEADER, "this line is a header, not data", hint))
        elif len(cells) != feature_dim:
            message = f"{counted(len(cells), 'feature')}, expected {feature_dim}"
            hint = "write the features without the label"
            problems.append(Problem(source, number, 1, Code.WRONG_COLUMNS, message, hint))
        else:
            problems += not_numbers(source, number, cells)
        rows.append(",".join(cells))
    if problems:
        raise InvalidData(problems)
    if not rows:
        raise RefitError(f"{source}: no rows", "give rows as arguments, with --file, or on standard input")
    return rows
