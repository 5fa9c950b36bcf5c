"""Decides by chance, but with the same seed always in the same order, what happens to a call."""

from __future__ import annotations

import random
import threading

from refit.embedded_cloud.strict import settings


class Chance:
    """A share of all calls, for one purpose. Thread-safe."""

    def __init__(self, purpose: str, share: float) -> None:
        self._random = random.Random(f"{settings.seed()} {purpose}")  # noqa: S311 - not for security
        self._share = share
        self._lock = threading.Lock()

    def occurs(self) -> bool:
        """Whether it happens to the next call."""
        with self._lock:
            return self._random.random() < self._share
