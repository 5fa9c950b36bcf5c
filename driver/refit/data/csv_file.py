"""Reads a user's CSV file, or standard input, as lines of cells; says what a file is that is not CSV.

Reads a little more than a training job does, because what it returns is written again: a byte order mark, and quotes.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import BinaryIO, NamedTuple

from refit.domain import file_formats
from refit.domain.csv_cells import WHITE
from refit.domain.csv_lines import CARRIAGE_RETURN, NOT_UTF8
from refit.domain.file_formats import BOM, HEAD_BYTES
from refit.errors import InvalidData, Problem, RefitError
from refit.problem_codes import Code

MAX_BYTES = 1 << 30
"""A file is read into memory as a whole."""
_LINE_END = re.compile(r"(?:\A|(?<=\n))[ \t\r\v\f]+(?=\n|\Z)|(?<!\r)\r+(?=\n|\Z)")
"""The CR of CRLF, and the content of blank lines."""
_LINE_END_STARTS = ("\r", "\n ", "\n\t", "\n\v", "\n\f")
"""Text without these has no match after its first character; looking for them is much faster."""


class Line(NamedTuple):
    """The cells of a line without the white space around them; `number` counts from 1."""

    number: int
    cells: list[str]


class CsvFile(NamedTuple):
    """The lines that are not blank. `head` is the start of the file, to recognize its format."""

    name: str
    lines: list[Line]
    head: bytes

    def raise_if_other_format(self, columns: int | None) -> None:
        """Raises InvalidData if the file is not CSV with commas; call it when its lines are not as expected."""
        found = file_formats.recognize(self.head, columns)
        if found:
            raise InvalidData([Problem(self.name, 1, 1, Code.NOT_CSV, f"the file {found.what}", found.remedy)])


def read(path: Path) -> CsvFile:
    """The lines of a file. Raises RefitError if it cannot be read, and InvalidData if it is not CSV in UTF-8."""
    try:
        with path.open("rb") as file:
            return read_stream(file, str(path))
    except OSError as error:
        raise RefitError(f"{path}: {error.strerror}", "give the path of a CSV file") from error


def read_stream(file: BinaryIO, name: str) -> CsvFile:
    """Like `read`. `name` is the name in messages. Raises OSError."""
    start = file.read(HEAD_BYTES)
    if b"\x00" in start:  # binary files can be large, or endless
        CsvFile(name, [], start).raise_if_other_format(None)
    content = start + file.read(MAX_BYTES + 1 - len(start))
    if len(content) > MAX_BYTES:
        raise RefitError(f"{name}: larger than {MAX_BYTES >> 30} GiB", "split the file")
    return parse(content, name)


def parse(content: bytes, name: str) -> CsvFile:
    """The lines of CSV. Raises InvalidData if it is not CSV in UTF-8."""
    content = content.removeprefix(BOM)
    found = CsvFile(name, [], content[:HEAD_BYTES])
    number = 1
    try:
        text = content.decode()
        if text[:1] in WHITE or any(start in text for start in _LINE_END_STARTS):
            text = _LINE_END.sub("", text)
        if "\r" in text:
            number += text.partition("\r")[0].count("\n")
            raise _invalid(found, number, CARRIAGE_RETURN, "end lines with LF or CRLF")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip(WHITE)):
                found.lines.append(Line(number, [cell.strip(WHITE) for cell in cells]))
            number = reader.line_num + 1
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise _invalid(found, number, NOT_UTF8, "save the file as UTF-8") from error
    except csv.Error as error:
        raise _invalid(found, number, f"is not CSV: {error}", "write numbers separated by commas") from error
    return found


def _invalid(file: CsvFile, line: int, what: str, hint: str) -> InvalidData:
    file.raise_if_other_format(None)
    return InvalidData([Problem(file.name, line, 1, Code.NOT_CSV, f"the line {what}", hint)])
