"""Stops the threads of an execution, of a branch, or of a task."""

from __future__ import annotations

import threading


class Interrupted(Exception):
    """The thread's work is no longer awaited: it unwinds without a trace in the history."""


class Interruption:
    """An event that is set together with everything below it: an execution, its branches, and their tasks."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._below: set[Interruption] = set()
        self._lock = threading.Lock()

    def below(self) -> Interruption:
        """A new interruption that is set with this one, and can be set on its own. `release` it after use."""
        child = Interruption()
        with self._lock:
            self._below.add(child)
        if self.event.is_set():
            child.set()
        return child

    def release(self, child: Interruption) -> None:
        with self._lock:
            self._below.discard(child)

    def set(self) -> None:
        with self._lock:
            self.event.set()
            below = list(self._below)
        for child in below:
            child.set()

    def check(self) -> None:
        """Raises Interrupted if it is set."""
        if self.event.is_set():
            raise Interrupted
