"""Waits for a condition, so that tests do not depend on how busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

WAIT_SECONDS = 120.0
POLL_SECONDS, LONGEST_POLL_SECONDS = 0.02, 0.1
"""The first pause, and the longest: what takes seconds is not asked fifty times a second, on two processors."""


def until(look: Callable[[], Any], done: Callable[[Any], object] = bool, seconds: float = WAIT_SECONDS) -> Any:
    """Calls `look` until `done` is true for its result, and returns that result.

    Fails with the last result after `seconds`, which is long enough for any busy machine.
    """
    deadline, pause = time.monotonic() + seconds, POLL_SECONDS
    while not done(seen := look()):
        assert time.monotonic() < deadline, f"after {seconds:g} s still {seen}"
        time.sleep(pause)
        pause = min(1.2 * pause, LONGEST_POLL_SECONDS)
    return seen
