"""Remembers what was there before a change, for as long as a service that is eventually consistent still shows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Final

CURRENT: Final = object()
"""What `Changes.seen` returns if every change is visible."""


def visible_after(changed_at: float, seconds: float, now: float | None = None) -> bool:
    """Whether a change at `changed_at` is visible, which it is after `seconds`. Times are seconds since 1970."""
    return (time.time() if now is None else now) - changed_at >= seconds


class Changes:
    """The changes of the last `seconds`, which are not visible yet. Thread-safe."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._clock = seconds, clock
        self._made: dict[Hashable, list[tuple[float, Any]]] = {}
        self._lock = threading.Lock()

    def record(self, key: Hashable, before: Any) -> None:
        """Remembers what `key` was before a change that was made now."""
        with self._lock:
            self._made[key] = [*self._recent(key), (self._clock(), before)]

    def seen(self, key: Hashable) -> Any:
        """What `key` still appears to be: its value before the oldest change that is not visible yet, or CURRENT."""
        with self._lock:
            made = self._recent(key)
            return made[0][1] if made else CURRENT

    def _recent(self, key: Hashable) -> list[tuple[float, Any]]:
        """The changes of `key` that are not visible yet, oldest first; forgets the others."""
        made = [(at, before) for at, before in self._made.pop(key, ()) if self._clock() - at < self._seconds]
        if made:
            self._made[key] = made
        return made
