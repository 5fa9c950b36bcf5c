"""Reads and writes the files of the saved state: atomically, and with an error that names a damaged file."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from refit.errors import CloudError

SHOWN = 3
RESTORE = "restore the state folder from a copy, or delete the whole state: refit local reset"


def write(path: Path, data: bytes) -> None:
    """Replaces a file: after a crash, or if the disk is full, it has its new bytes or its old ones. Raises OSError."""
    unfinished = path.with_name(path.name + ".tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        error.filename = str(path)
        raise


def sync(folder: Path) -> None:
    """Makes the names of files that were written or deleted durable. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(
    path: Path,
    decode: Callable[[bytes], Any],
    contents: dict[Path, bytes],
    documents: dict[Path, Any],
    damaged: dict[Path, str],
) -> None:
    """Adds the bytes of a file and its document, or what is wrong with it.

    `decode` raises ValueError or RecursionError for a file that is damaged.
    """
    try:
        contents[path] = path.read_bytes()
        documents[path] = decode(contents[path])
    except OSError as error:
        damaged[path] = str(error.strerror)
    except (ValueError, RecursionError) as error:
        damaged[path] = str(error) or type(error).__name__


def refuse(damaged: Mapping[Path, str]) -> None:
    """Raises CloudError if there are damaged files; the values say what is wrong with them."""
    if not damaged:
        return
    shown = [f"{path} ({reason})" for path, reason in sorted(damaged.items())[:SHOWN]]
    more = [f"and {len(damaged) - SHOWN:,} more"] if len(damaged) > SHOWN else []
    noun = "file is" if len(damaged) == 1 else "files are"
    what = f"{len(damaged):,} {noun} damaged: {', '.join([*shown, *more])}"
    raise CloudError(f"the saved state of the embedded cloud cannot be read, and was not changed; {what}", RESTORE)


def files_in(folder: Path) -> Iterator[Path]:
    """The state files of a folder, without those in its folders, in a fixed order."""
    return iter(sorted(path for path in folder.glob("*.json") if path.is_file()))
