"""What became of a rollback, in sentences, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterator

from refit.domain.hold import describe
from refit.domain.outcomes import STILL_RUNNING
from refit.report.terminal import plain
from refit.runs.rollback_target import SERVES, RollbackResult


def lines(done: RollbackResult) -> Iterator[str]:
    """For people."""
    yield plain(f"{done.pipeline}: {_done(done)}")
    if done.hold:
        yield plain(f"{describe(done.hold)}; no run replaces it before: refit release {done.pipeline}")
        return
    data = "newer, late or corrected data" if done.any_change else "newer data"
    again = f"refit rollback {done.pipeline} --to {done.of} --hold"
    yield plain(f"The schedule leaves it until {data} arrives; to keep it whatever arrives: {again}")


def _done(done: RollbackResult) -> str:
    if done.how == SERVES:
        return f"{done.model} {SERVES}, and nothing was changed"
    if done.outcome == STILL_RUNNING:
        return f"{done.run} {done.how} and puts {done.model} back; follow it: refit logs {done.pipeline} {done.run}"
    return f"{done.model} serves again; {done.run} put it back in {done.seconds:.0f} s"
