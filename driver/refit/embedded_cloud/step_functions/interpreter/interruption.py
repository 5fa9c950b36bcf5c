"""Stops the threads of an execution, of a branch, or of a task."""

from __future__ import annotations

import threading


class Interrupted(Exception):
    """The thread's work is no longer awaited: it unwinds without a trace in the history."""


class Interruption:
    """An event that is set together with everything below it: an execution, its branches, and their tasks.

    As a context manager it is no longer below `above` at the end.
    """

    def __init__(self, above: Interruption | None = None) -> None:
        self.event = threading.Event()
        self._above = above
        self._below: set[Interruption] = set()
        self._lock = threading.Lock()

    def below(self) -> Interruption:
        """A new interruption that is set with this one, and can be set on its own."""
        child = Interruption(self)
        with self._lock:
            self._below.add(child)
        if self.event.is_set():
            child.set()
        return child

    def __enter__(self) -> Interruption:
        return self

    def __exit__(self, *error: object) -> None:
        if self._above is not None:
            with self._above._lock:
                self._above._below.discard(self)

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
