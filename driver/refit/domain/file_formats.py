"""Recognizes a file that is not CSV with commas by its first bytes, to explain why its rows cannot be read. Pure.

Only explains: a file that can be read is never rejected because of what it looks like here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from refit.domain.csv_cells import WHITE, is_number

HEAD_BYTES = 16_384
"""The number of bytes to look at."""
BOM = b"\xef\xbb\xbf"

UNPACK = "decompress it"
EXPORT = "export it as CSV"
_MAGIC: Sequence[tuple[bytes, str, str]] = (
    (b"\x1f\x8b", "is compressed with gzip", UNPACK),
    (b"BZh", "is compressed with bzip2", UNPACK),
    (b"\xfd7zXZ\x00", "is compressed with xz", UNPACK),
    (b"\x28\xb5\x2f\xfd", "is compressed with Zstandard", UNPACK),
    (b"PK\x03\x04", "is a ZIP archive or an Excel workbook", f"unpack it, or {EXPORT}"),
    (b"\xd0\xcf\x11\xe0", "is an Excel workbook", EXPORT),
    (b"PAR1", "is a Parquet file", EXPORT),
    (b"ORC", "is an ORC file", EXPORT),
    (b"Obj\x01", "is an Avro file", EXPORT),
    (b"\x93NUMPY", "is a NumPy array", EXPORT),
    (b"\x0a\x23\xd7\xce", "is RecordIO", EXPORT),
    (b"%PDF-", "is a PDF document", EXPORT),
    (b"version https://git-lfs", "is a Git LFS pointer", "fetch the file itself: git lfs pull"),
)
_UTF16 = "is encoded in UTF-16"
_AS_UTF8 = "save it as UTF-8"
_LIBSVM = re.compile(r"\S+(?: [0-9]+:\S+)+ *")


class Format(NamedTuple):
    """What a file is ("is compressed with gzip"), and what to do about it ("decompress it")."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}; {self.remedy}"


def recognize(head: bytes, columns: int | None = None) -> Format | None:
    """The format of a file that starts with `head`, of which CSV with `columns` cells in a line was expected.

    None if it looks like CSV with commas.
    """
    found = _binary(head)
    if found or not head.strip():
        return found
    if head.startswith(BOM):
        return Format("starts with a byte order mark", "save it as UTF-8 without one")
    if b"\r" in head and b"\n" not in head:
        return Format(
            "ends its lines with a carriage return (CR) alone", "save it with line ends LF (Unix) or CRLF (Windows)"
        )
    lines = [line.strip(WHITE) for line in head.decode(errors="replace").split("\n") if line.strip(WHITE)]
    return _text(lines[0]) or next((found for line in lines[:2] if (found := _separated(line, columns))), None)


def _binary(head: bytes) -> Format | None:
    for start, what, remedy in _MAGIC:
        if head.startswith(start):
            return Format(what, remedy)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Format(_UTF16, _AS_UTF8)
    if b"\x00" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if min(even, odd) == 0 and max(even, odd) * 3 > len(head):
            return Format(_UTF16, _AS_UTF8)
        return Format("is binary", EXPORT)
    return None


def _text(line: str) -> Format | None:
    if line.startswith("{"):
        return Format("is JSON lines", "write one line of numbers for each object, separated by commas")
    if line.startswith("["):
        return Format("is JSON", "write one line of numbers for each row, separated by commas")
    if re.match(r"<[a-zA-Z!?]", line):
        return Format("is HTML or XML", EXPORT)
    if line.startswith(("#", "//", "%", "@relation")):
        return Format(f"starts with a comment ({line[:40]})", "delete all lines that are comments")
    if line.lower().startswith("sep="):
        return Format(f"starts with the line {line[:10]}, which only Excel reads", "delete the line")
    if _LIBSVM.fullmatch(line):
        return Format("is in LIBSVM format", "write every feature of a row, separated by commas")
    return None


def _separated(line: str, columns: int | None) -> Format | None:
    commas = line.count(",")
    for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        cells = line.split(mark)
        if len(cells) > 1 and (
            len(cells) == columns
            or all(is_number(cell.strip().replace(",", ".")) for cell in cells)
            or (len(cells) > commas and commas + 1 != columns)
        ):
            decimal = ", and points in numbers" if re.search(r"[0-9],[0-9]", line) else ""
            return Format(f"separates its columns with {name}", f"write commas{decimal}")
    words = line.split()
    if not commas and len(words) > 1 and (len(words) == columns or all(map(is_number, words))):
        return Format("separates its columns with blanks", "write commas")
    return None
