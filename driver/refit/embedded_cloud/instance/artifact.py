"""Packs and unpacks model.tar.gz."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import Path

from refit.embedded_cloud.instance.algorithm import CannotLoad


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
    """Extracts a tar.gz into an existing folder, and never outside it. Raises CannotLoad with `what` the archive is."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise CannotLoad(f"the {what} is not a tar.gz: {error}") from error
