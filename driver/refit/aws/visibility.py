"""Waits until a read of AWS that is eventually consistent finds what was just created."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from refit.errors import NotFound

Found = TypeVar("Found")

WAIT_SECONDS = 10.0
PAUSE_SECONDS = 0.2


def until_found(read: Callable[[], Found]) -> Found:
    """The result of `read` once it finds something. Raises its NotFound after WAIT_SECONDS, other errors at once."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return read()
        except NotFound:
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE_SECONDS)
