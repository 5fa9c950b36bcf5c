"""Reads the rows of `refit predict` from arguments, a file or standard input, and checks them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from refit.data import csv_file, row_problems
from refit.data.csv_file import CsvFile
from refit.domain.csv_lines import HEADER, Fault, faults
from refit.domain.formatting import counted
from refit.errors import InvalidData, RefitError

HINT = "give rows as arguments, with --file, or on standard input"


def read_rows(arguments: Sequence[str], file: Path | None, stdin: BinaryIO | None, feature_dim: int) -> list[str]:
    """The rows to predict: the arguments, else the lines of `file` (`-` is `stdin`), else those of `stdin`.

    `stdin` is None if it is closed. Raises InvalidData with every kind of bad row, and RefitError if there are no rows
    or the file cannot be read.
    """
    if arguments and file:
        raise RefitError("rows cannot be given both as arguments and with --file", "use one of the two")
    if arguments:
        return _checked(csv_file.parse("\n".join(arguments).encode(errors="replace"), "arguments"), feature_dim)
    if file is not None and str(file) != "-":
        return _checked(csv_file.read(file), feature_dim)
    if stdin is None:
        raise RefitError("standard input is closed, and no rows are given", HINT)
    try:
        return _checked(csv_file.read_stream(stdin, "stdin"), feature_dim)
    except OSError as error:
        raise RefitError(f"stdin: {error.strerror or error}", HINT) from error


def _checked(file: CsvFile, feature_dim: int) -> list[str]:
    found = [
        (line.number, fault)
        for line in file.lines
        for fault in faults(line.cells, feature_dim, first=line.number == 1, labeled=False)
    ]
    if found:
        file.raise_if_other_format(feature_dim)
        raise InvalidData(
            row_problems.summarize(file.name, found, len(file.lines), (), lambda fault: _hint(fault, feature_dim))
        )
    if not file.lines:
        raise RefitError(f"{file.name}: no rows", HINT)
    return [",".join(line.cells) for line in file.lines]


def _hint(fault: Fault, feature_dim: int) -> str:
    if fault.kind == HEADER:
        return "remove the line"
    return "write a number" if fault.column else f"write {counted(feature_dim, 'number')}"
