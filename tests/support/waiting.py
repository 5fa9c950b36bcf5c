"""Waits for a condition, so that tests do not depend on how busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT_SECONDS = 120.0
POLL_SECONDS = 0.02


def until(look: Callable[[], Any], done: Callable[[Any], object] = bool, seconds: float = WAIT_SECONDS) -> Any:
    """Calls `look` until `done` is true for its result, and returns that result.

    Fails with the last result after `seconds`, which is long enough for any busy machine.
    """
    deadline = time.monotonic() + seconds
    while not done(seen := look()):
        assert time.monotonic() < deadline, f"after {seconds:g} s still {seen}"
        time.sleep(POLL_SECONDS)
    return seen
