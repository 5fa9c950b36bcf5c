"""Summarizes the faults of a file's rows: one problem for each kind and column, with a count and the first lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from refit.domain.csv_cells import repaired
from refit.domain.csv_lines import HEADER, Fault
from refit.domain.formatting import counted
from refit.errors import Problem
from refit.problem_codes import Code

LINES = 3
"""The number of lines that a problem lists."""

NOT_A_DAY = "is not a day"
"""The kind of a fault in a date column."""

Faults = Sequence[tuple[int, Fault]]
"""Line numbers with the faults of these lines."""


def summarize(
    file: str, faults: Faults, rows: int, names: Sequence[str], hint: Callable[[Fault], str]
) -> list[Problem]:
    """The problems of a file with `rows` rows; `names` are the columns' names, if there is a header.

    `hint` says what to do about a fault whose number cannot be repaired.
    """
    groups: defaultdict[tuple[str, int], list[tuple[int, Fault]]] = defaultdict(list)
    for line, fault in faults:
        groups[fault.kind, fault.column].append((line, fault))
    return [_problem(file, group, rows, names, hint) for group in groups.values()]


def _problem(file: str, group: Faults, rows: int, names: Sequence[str], hint: Callable[[Fault], str]) -> Problem:
    line, fault = group[0]
    if fault.kind == HEADER:
        return Problem(file, line, 1, Code.HEADER, "this line is a header, not data", hint(fault))
    name = f" ({names[fault.column - 1]})" if fault.column and names else ""
    subject = f"column {fault.column}{name}" if fault.column else "the row"
    message = f"{subject} {fault.kind}{fault.example}{_extent([number for number, _ in group], rows)}"
    number = repaired(fault.cell) if fault.column else None
    code = Code.NOT_A_NUMBER if fault.column else Code.WRONG_COLUMNS
    if fault.kind == NOT_A_DAY:
        code = Code.BAD_DATE
    return Problem(file, line, max(fault.column, 1), code, message, f"write {number}" if number else hint(fault))


def _extent(lines: Sequence[int], rows: int) -> str:
    """How many of the rows have the fault, and which; "" for one."""
    if len(lines) == 1:
        return ""
    if len(lines) == rows:
        return f" (in all {counted(rows, 'row')})"
    listed, more = ", ".join(map(str, lines[:LINES])), len(lines) - LINES
    return f" ({counted(len(lines), 'row')}: lines {listed}{f' and {more:,} more' if more > 0 else ''})"
