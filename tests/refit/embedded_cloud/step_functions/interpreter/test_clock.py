from __future__ import annotations

import contextvars
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from refit.embedded_cloud.step_functions.interpreter.clock import Clock, RealClock
from refit.embedded_cloud.step_functions.interpreter.interruption import Interrupted, Interruption
from tests.support.virtual_clock import VirtualClock

CLOCKS = pytest.mark.parametrize("clock", [RealClock(), VirtualClock()], ids=["real", "virtual"])


def test_the_real_clock_tells_the_time() -> None:
    assert abs((RealClock().now() - datetime.now(UTC)).total_seconds()) < 60


def test_the_real_clock_can_shorten_waits() -> None:
    began = time.monotonic()
    RealClock(wait_scale=0).wait(3600, threading.Event())
    assert time.monotonic() - began < 3600


@CLOCKS
def test_a_wait_ends_when_it_is_interrupted(clock: Clock) -> None:
    interrupted = threading.Event()
    interrupted.set()
    before = clock.now()
    clock.wait(10**6, interrupted)
    assert clock.now() - before < timedelta(days=1)


@CLOCKS
def test_a_call_returns_when_its_work_has_ended(clock: Clock) -> None:
    done: list[int] = []
    interruption = Interruption()
    assert clock.call(lambda: done.append(1), lambda: None, interruption) is True
    assert (done, interruption.event.is_set()) == ([1], False)


@CLOCKS
def test_a_call_ends_at_its_limit_and_interrupts_the_work(clock: Clock) -> None:
    interruption, end = Interruption(), clock.now() + timedelta(milliseconds=1)
    assert clock.call(lambda: clock.wait(10**6, interruption.event), lambda: end, interruption) is False
    assert interruption.event.is_set()


class StandingClock(RealClock):
    """Waits on the wall clock, while its own time stands still."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("clock", [StandingClock(), VirtualClock()], ids=["real", "virtual"])
def test_a_limit_can_move(clock: Clock) -> None:
    limits = [clock.now() + timedelta(milliseconds=1), clock.now() + timedelta(milliseconds=2), None]
    released = threading.Event()

    def limit() -> datetime | None:
        until = limits.pop(0) if len(limits) > 1 else limits[0]
        if until is None:
            released.set()
        return until

    def work() -> None:
        if isinstance(clock, RealClock):
            released.wait()
        else:
            clock.wait(60, threading.Event())

    assert clock.call(work, limit, Interruption()) is True
    assert released.is_set()


@CLOCKS
def test_works_are_gathered(clock: Clock) -> None:
    done: list[int] = []
    clock.gather([lambda number=number: done.append(number) for number in range(5)])  # type: ignore[misc]
    assert sorted(done) == [0, 1, 2, 3, 4]
    clock.gather([])


@CLOCKS
def test_work_has_the_context_variables_of_the_caller(clock: Clock) -> None:
    account = contextvars.ContextVar("account", default="none")
    account.set("mine")
    seen: list[str] = []
    clock.call(lambda: seen.append(account.get()), lambda: None, Interruption())
    clock.gather([lambda: seen.append(account.get())] * 2)
    assert seen == ["mine"] * 3


def test_virtual_time_passes_only_while_all_threads_wait() -> None:
    clock, told = VirtualClock(), []

    def work(name: str, *waits: int) -> None:
        for seconds in waits:
            clock.wait(seconds, threading.Event())
            told.append((name, (clock.now() - start).total_seconds()))

    start = clock.now()
    clock.at(15, lambda: told.append(("action", 15)))
    clock.gather([lambda: work("a", 10, 10), lambda: work("b", 15, 15), lambda: work("c", 20)])
    assert told == [("a", 10), ("action", 15), ("b", 15), ("c", 20), ("a", 20), ("b", 30)]
    assert clock.now() - start == timedelta(seconds=30)


def test_virtual_threads_are_interrupted_by_each_other_at_once() -> None:
    clock, interrupted = VirtualClock(), threading.Event()
    start = clock.now()
    clock.gather([lambda: clock.wait(10**6, interrupted), lambda: clock.wait(5, interrupted) or interrupted.set()])
    assert clock.now() - start == timedelta(seconds=5)


def test_an_interruption_reaches_all_below_it_and_none_above() -> None:
    root = Interruption()
    branch = root.below()
    task, other = branch.below(), root.below()
    branch.set()
    assert [each.event.is_set() for each in (root, branch, task, other)] == [False, True, True, False]
    with pytest.raises(Interrupted):
        task.check()
    root.check()
    root.set()
    assert other.event.is_set()
    assert root.below().event.is_set()


def test_an_interruption_that_is_over_is_left_alone() -> None:
    root = Interruption()
    with root.below() as branch:
        pass
    root.set()
    assert not branch.event.is_set()
