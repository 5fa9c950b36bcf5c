"""Opens a stream of bytes for pyarrow: decompressed if it is compressed, seekable if its format needs that."""

from __future__ import annotations

import re
import tempfile
from shutil import copyfileobj
from typing import IO, BinaryIO, cast

import pyarrow as pa

GZIP = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
IN_MEMORY = 1 << 26
"""A Parquet file up to this size is kept in memory, a larger one in a temporary file: it is read from its end."""

NULL_ROW = re.compile(rb"[\r\n](?:\xef\xbb\xbf)?[ \t]*null")
"""A line that starts with null; the first one may start with a byte order mark."""


class Source:
    """A stream that can be read once, of which the first bytes were looked at. `error` is the exception of a failed
    read, to tell a network that fails from a file that cannot be parsed.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self.closed = stream, False
        self.error: Exception | None = None
        self._replayed = b""
        self.head = self._replayed = self.read(len(GZIP))

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer at the end: from short reads, pyarrow would make short batches."""
        if size < 0:
            replayed, self._replayed = self._replayed, b""
            return replayed + self._read(size)
        parts, self._replayed = [self._replayed[:size]], self._replayed[size:]
        while (missing := size - sum(map(len, parts))) and (part := self._read(missing)):
            parts.append(part)
        return b"".join(parts)

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        """pyarrow closes what it has read; the stream belongs to the caller."""
        self.closed = True

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except Exception as error:
            self.error = error
            raise


def opened(source: Source) -> pa.NativeFile:
    """The bytes of `source`, decompressed if they are compressed with gzip."""
    file = pa.PythonFile(source, mode="r")
    return pa.CompressedInputStream(file, "gzip") if source.head == GZIP else file


class JsonLines:
    """JSON lines for pyarrow. Raises ValueError for a line that starts with null, which is not an object.

    pyarrow 26 ends the process when the first value of a block is null, and a block may start with any line.
    """

    def __init__(self, source: Source) -> None:
        self._file, self.closed = opened(source), False
        self._start = b"\n"
        """A line end, and the first characters of the line after it."""

    def read(self, size: int = -1) -> bytes:
        found: bytes = self._file.read(None if size < 0 else size)
        text = self._start + found
        if NULL_ROW.search(text):
            raise ValueError("a line is null, not an object")
        line = text[max(text.rfind(b"\n"), text.rfind(b"\r")) + 1 :]
        self._start = b"\n" + line.lstrip(b" \t")[: len(BYTE_ORDER_MARK + b"null")]
        return found

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def json_lines(source: Source) -> pa.NativeFile:
    """The bytes of `source` like `opened`; reading them raises ValueError at a line that is null."""
    return pa.PythonFile(JsonLines(source), mode="r")


def spooled(source: Source) -> IO[bytes]:
    """A copy of the bytes of `source` that can be read in any order."""
    copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - its reader closes it
    copyfileobj(cast(IO[bytes], source), copy, 1 << 20)
    copy.seek(0)
    return copy
