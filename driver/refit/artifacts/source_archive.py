"""Packs the code of a custom algorithm as source.tar.gz. Builds are reproducible: the same bytes on every machine.

The toolkits of script mode unpack it before they run the entry point:
https://docs.aws.amazon.com/sagemaker/latest/dg/docker-containers-adapt-your-own.html
"""

from __future__ import annotations

import hashlib
import io
import struct
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from refit.errors import BuildError

LEFT_OUT = "__pycache__"
BLOCK = 65_535
"""The longest stored block of a deflate stream: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4"""
GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""A header without name and time: https://www.rfc-editor.org/rfc/rfc1952#section-2.3"""


def pack(folder: Path, target: Path) -> str:
    """Writes the files below `folder` to `target` as a tar.gz; returns its SHA-256 in hex.

    Members are sorted by name, and have no owner and the same time and mode. They are stored, not compressed, for the
    reason given in lambdas_zip.py. Excludes __pycache__ and names that start with a dot. Raises BuildError for anything
    that is not a file or a folder, because the target of a link would not be packed.
    """
    tar_bytes = io.BytesIO()
    with tarfile.open(fileobj=tar_bytes, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in _files(folder)):
            content = path.read_bytes()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    packed = _stored(tar_bytes.getvalue())
    target.write_bytes(packed)
    return hashlib.sha256(packed).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name == LEFT_OUT or path.name.startswith("."):
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            kind = "a symbolic link" if path.is_symlink() else "neither a file nor a folder"
            raise BuildError(f"{path} is {kind} and cannot be packed", "replace it with the file itself")
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _stored(data: bytes) -> bytes:
    """The data as a gzip file without compression."""
    starts = range(0, len(data) or 1, BLOCK)
    blocks = (
        struct.pack("<BHH", start == starts[-1], len(part), len(part) ^ 0xFFFF) + part
        for start in starts
        for part in (data[start : start + BLOCK],)
    )
    return GZIP + b"".join(blocks) + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
