"""Opens a stream of bytes for pyarrow: decompressed if it is compressed, seekable if its format needs that."""

from __future__ import annotations

import tempfile
from shutil import copyfileobj
from typing import IO, BinaryIO, cast

import pyarrow as pa

GZIP = b"\x1f\x8b"
IN_MEMORY = 1 << 26
"""A Parquet file up to this size is kept in memory, a larger one in a temporary file: it is read from its end."""


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


def spooled(source: Source) -> IO[bytes]:
    """A copy of the bytes of `source` that can be read in any order."""
    copy = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - its reader closes it
    copyfileobj(cast(IO[bytes], source), copy, 1 << 20)
    copy.seek(0)
    return copy
