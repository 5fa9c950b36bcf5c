"""Formats the result of a rollback, and says what may replace the restored model."""

from __future__ import annotations

from collections.abc import Iterator

from refit.domain.hold import describe
from refit.domain.outcomes import STILL_RUNNING
from refit.runs.rollback_target import IS_LIVE, RollbackResult
from refit.safe_output import plain


def lines(done: RollbackResult) -> Iterator[str]:
    """The result in sentences."""
    yield plain(f"{done.pipeline}: {_done(done)}")
    if done.hold:
        yield plain(
            f"{describe(done.hold)}; no run will replace the model until you run: refit release {done.pipeline}"
        )
        return
    data = "newer, late or corrected data" if done.any_change else "newer data"
    again = f"refit rollback {done.pipeline} --to {done.of} --hold"
    yield plain(f"A scheduled run replaces it when {data} arrives; to prevent that: {again}")


def _done(done: RollbackResult) -> str:
    if done.how == IS_LIVE:
        return f"{done.model} is {IS_LIVE}; nothing was changed"
    if done.outcome == STILL_RUNNING:
        command = f"refit logs {done.pipeline} {done.run}"
        return f"{done.run} ({done.how}) is restoring {done.model}; follow it: {command}"
    return f"{done.model} is live again; {done.run} restored it in {done.seconds:.0f} s"
