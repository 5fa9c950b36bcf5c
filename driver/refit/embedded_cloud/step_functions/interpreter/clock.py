"""Time: what waits, and what runs for a limited time."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption


def thread_of(work: Callable[[], None]) -> threading.Thread:
    """A thread for `work`, not yet started, that has the context variables of its creator."""
    return threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)


class Clock(Protocol):
    """The time that an execution lives in."""

    def now(self) -> datetime:
        """The time, in UTC."""
        ...

    def wait(self, seconds: float, interrupted: threading.Event) -> None:
        """Blocks for `seconds`, or until `interrupted` is set; not at all for a negative number."""
        ...

    def call(self, work: Callable[[], None], limit: Callable[[], datetime | None], interruption: Interruption) -> bool:
        """Runs `work`, which raises nothing, until the time that `limit` returns, or until `interruption` is set.

        `limit` is asked again at that time, because a heartbeat may have moved it. True if the work has ended; else
        `interruption` is set and the work is left alone.
        """
        ...

    def gather(self, works: Sequence[Callable[[], None]]) -> None:
        """Runs all works, which raise nothing, each in its own thread, and returns when all have ended."""
        ...


class RealClock:
    """The wall clock. `wait_scale` multiplies what `wait` waits: Wait states and the delays of retries."""

    def __init__(self, wait_scale: float = 1.0) -> None:
        self._wait_scale = wait_scale

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float, interrupted: threading.Event) -> None:
        interrupted.wait(min(max(seconds, 0) * self._wait_scale, threading.TIMEOUT_MAX))

    def call(self, work: Callable[[], None], limit: Callable[[], datetime | None], interruption: Interruption) -> bool:
        finished = threading.Event()
        with interruption.below() as awake:

            def run() -> None:
                work()
                finished.set()
                awake.set()

            thread_of(run).start()
            while not awake.event.is_set():
                until = limit()
                left = None if until is None else (until - self.now()).total_seconds()
                if left is not None and left <= 0:
                    break
                awake.event.wait(None if left is None else min(left, threading.TIMEOUT_MAX))
        if finished.is_set():
            return True
        interruption.set()
        return False

    def gather(self, works: Sequence[Callable[[], None]]) -> None:
        threads = [thread_of(work) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
