"""A clock that does not wait: time jumps to the next moment at which something happens.

An execution with hours of waits ends in milliseconds. Of several threads one runs at a time, in an order that depends
only on what they do, so that a run can be repeated.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from refit.embedded_cloud.step_functions.interpreter.clock import thread_of
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption


@dataclass(eq=False)
class _Pending:
    """A thread that waits, or an action that is due at a time."""

    order: int
    due: datetime | None
    ready: Callable[[], bool]
    action: Callable[[], None] | None = None
    chosen: threading.Event = field(default_factory=threading.Event)


class VirtualClock:
    """A `Clock` whose time passes only while all of its threads wait."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._pending: list[_Pending] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._now

    def at(self, seconds: float, action: Callable[[], None]) -> None:
        """Calls `action` when `seconds` have passed."""
        self._plan(self._now + timedelta(seconds=seconds), action)

    def wait(self, seconds: float, interrupted: threading.Event) -> None:
        self._block(self._now + timedelta(seconds=seconds), interrupted.is_set)

    def call(self, work: Callable[[], None], limit: Callable[[], datetime | None], interruption: Interruption) -> bool:
        planned: list[_Pending] = []

        def expire() -> None:
            until = limit()
            if until is None:
                return
            if until <= self._now:
                interruption.set()
            else:
                planned[:] = [self._plan(until, expire)]

        until = limit()
        if until is not None:
            planned.append(self._plan(until, expire))
        work()
        self._pending = [pending for pending in self._pending if pending not in planned]
        return not interruption.event.is_set()

    def gather(self, works: Sequence[Callable[[], None]]) -> None:
        running = len(works)

        def start(work: Callable[[], None]) -> None:
            pending = _Pending(next(self._order), None, lambda: True)

            def run() -> None:
                nonlocal running
                pending.chosen.wait()
                work()
                running -= 1
                self._choose(None)

            self._pending.append(pending)
            thread_of(run).start()

        for work in works:
            start(work)
        self._block(None, lambda: running == 0)

    def _plan(self, due: datetime, action: Callable[[], None]) -> _Pending:
        planned = _Pending(next(self._order), due, lambda: False, action)
        self._pending.append(planned)
        return planned

    def _block(self, due: datetime | None, ready: Callable[[], bool]) -> None:
        me = _Pending(next(self._order), due, ready)
        self._pending.append(me)
        self._choose(me)

    def _choose(self, me: _Pending | None) -> None:
        """Lets the next thread run, and returns when it is `me` (or at once if the thread ends)."""
        while True:
            chosen = self._next()
            if chosen.action is not None:
                chosen.action()
            elif chosen is me:
                return
            else:
                chosen.chosen.set()
                if me is not None:
                    me.chosen.wait()
                return

    def _next(self) -> _Pending:
        chosen = next((pending for pending in self._pending if pending.ready()), None)
        if chosen is None:
            timed = [pending for pending in self._pending if pending.due is not None]
            if not timed:
                raise RuntimeError("every thread of the virtual clock waits for something that no other thread does")
            chosen = min(timed, key=lambda pending: (pending.due, pending.order))
            assert chosen.due is not None
            self._now = max(self._now, chosen.due)
        self._pending.remove(chosen)
        return chosen
