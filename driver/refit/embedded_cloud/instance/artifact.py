"""Packs model.tar.gz, and unpacks archives that it does not trust: models and source code.

Only files and folders are unpacked, with bounds, and by our own code: tarfile's filter "data" writes outside its folder
in some versions of Python (CVE-2025-4517).
"""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import BinaryIO

from refit.embedded_cloud.instance.algorithm import CannotLoad

MAX_BYTES = 1 << 30
"""Maximum size of an archive's content, and of the archive."""
MAX_ENTRIES = 10_000
MAX_DEPTH = 32
_FILE_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE)


def pack(folder: Path) -> bytes:
    """The folder as a tar.gz. The same files always produce the same bytes."""
    tar_bytes = io.BytesIO()
    with tarfile.open(fileobj=tar_bytes, mode="w") as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
            entry.size = path.stat().st_size
            with path.open("rb") as file:
                tar.addfile(entry, file)
    return gzip.compress(tar_bytes.getvalue(), mtime=0)


def unpack(archive: bytes, folder: Path, what: str = "model") -> None:
    """Extracts a tar.gz into an existing folder, and never outside it. Raises CannotLoad with `what` the archive is.

    Rejected are links, devices, absolute paths and "..", and more than MAX_BYTES, MAX_ENTRIES or MAX_DEPTH.
    """
    try:
        with (
            gzip.GzipFile(fileobj=io.BytesIO(archive)) as content,
            tarfile.open(fileobj=_Bounded(content, what), mode="r|") as tar,
        ):
            for number, entry in enumerate(tar, 1):
                if number > MAX_ENTRIES:
                    raise CannotLoad(f"the {what} has more than {MAX_ENTRIES} files and folders")
                _extract(tar, entry, folder, what)
    # tarfile raises ValueError for some damaged headers: https://github.com/python/cpython/issues/71690
    except (tarfile.TarError, zlib.error, OSError, EOFError, ValueError) as error:
        raise CannotLoad(f"the {what} is not a tar.gz: {error}") from error


def _extract(tar: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path, what: str) -> None:
    parts = [part for part in entry.name.split("/") if part not in ("", ".")]
    shown = repr(entry.name[:200])
    if entry.name.startswith("/") or ".." in parts or "\\" in entry.name or "\0" in entry.name:
        raise CannotLoad(f"the {what} has an entry outside its folder: {shown}")
    if len(parts) > MAX_DEPTH:
        raise CannotLoad(f"the {what} has an entry more than {MAX_DEPTH} folders deep: {shown}")
    if entry.size > MAX_BYTES:
        raise _too_large(what)
    is_file = entry.type in _FILE_TYPES and entry.sparse is None
    if not (is_file or entry.isdir()):
        raise CannotLoad(f"the {what} has an entry that is neither a file nor a folder: {shown}")
    path = folder.joinpath(*parts)
    try:
        if entry.isdir():
            path.mkdir(parents=True, exist_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb")
    except OSError as error:  # a file and a folder of one name, or a name that is too long
        raise CannotLoad(f"the {what} has an entry that cannot be written: {shown} ({error.strerror})") from error
    source = tar.extractfile(entry)
    with file:
        if source:
            shutil.copyfileobj(source, file)


class _Bounded(io.RawIOBase):
    """Reads at most MAX_BYTES, the headers included. Raises CannotLoad beyond that."""

    def __init__(self, content: gzip.GzipFile | BinaryIO, what: str) -> None:
        self._content = content
        self._what = what
        self._left = MAX_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._content.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise _too_large(self._what)
        return data


def _too_large(what: str) -> CannotLoad:
    return CannotLoad(f"the {what} is larger than {MAX_BYTES:,} bytes")
