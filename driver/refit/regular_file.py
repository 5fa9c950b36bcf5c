"""Reads a file that a user writes, such as a pipeline file: a regular file with a limited size.

A link means other content in git than on disk, and a device or a pipe could have no end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_BYTES = 32_768
"""The maximum size of a file that a user writes."""

# Windows has neither.
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class NotRegular(Exception):
    """The path is a folder, a device, a pipe or a socket."""


def read(path: Path, at_most: int = MAX_BYTES) -> bytes:
    """The first `at_most` + 1 bytes of the file: one more than the maximum, so that callers can reject a larger file.

    Raises NotRegular, and OSError if the file cannot be read or is a symbolic link.
    """
    # Without O_NONBLOCK, opening a named pipe waits for its writer.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | NO_FOLLOW | NO_WAIT)) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise NotRegular(f"{path} is not a regular file")
        return opened.read(at_most + 1)
