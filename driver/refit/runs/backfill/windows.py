"""Windows of the past to train on: which they are, what their runs are called, and what is still to do of each. Pure.

A run is named after what makes its model: the days, the pipeline's settings, the code. So the same window is trained
once for the same settings, however often it is asked for, and once more for other settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from refit.costs.estimate import Cost
from refit.data.coverage import Coverage
from refit.domain.outcomes import ALREADY_RUNNING, DEPLOYED, NO_NEW_DATA, STILL_RUNNING, TRAINED
from refit.domain.window import ONE_DAY, Window
from refit.errors import RefitError
from refit.pipeline.model import Pipeline
from refit.runs.launcher import Run
from refit.runs.record import Record

MOST_WINDOWS = 366
MODEL = frozenset({TRAINED, DEPLOYED})
"""The ends of a run that has made a model."""


@dataclass(frozen=True)
class BackfillRequest:
    """Windows that end on `first`, and on every `step`-th day after it that is not after `last`.

    `deploy_last` deploys the last of them. `again` trains again what failed, or whose data has changed since.
    """

    first: date
    last: date
    step: int = 1
    deploy_last: bool = False
    again: bool = False


class WindowState(StrEnum):
    """What is to do of a window."""

    TRAIN = "to train"
    FOLLOW = "running"
    DONE = "done before"
    FAILED = "failed before"
    NO_DATA = "without enough data"


@dataclass(frozen=True)
class Planned:
    """One window. `run` is the run to start or to follow, `days` how many days have data now.

    `record` is the run that tells of it, if there was one; `changed` says that the data is not what its model saw.
    """

    window: Window
    todo: WindowState
    run: Run
    days: int
    record: Record | None = None
    changed: bool = False

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "window": self.window.as_dates(),
            "todo": self.todo,
            "run": self.run.name if self.todo is WindowState.TRAIN or self.record is None else self.record.run,
            "days_with_data": self.days,
            "data_changed": self.changed,
        }


@dataclass(frozen=True)
class Backfill:
    """What will be trained, oldest first. `without_data` are the days of any window that have none.

    `needed` is how many days with data a run asks for, `cost` what one run costs.
    """

    pipeline: str
    windows: tuple[Planned, ...]
    without_data: tuple[date, ...]
    needed: int
    cost: Cost

    def count(self, todo: WindowState) -> int:
        return sum(planned.todo is todo for planned in self.windows)

    @property
    def about(self) -> float | None:
        """US dollars for all that is to train; None is unknown."""
        return None if self.cost.run is None else self.cost.run * self.count(WindowState.TRAIN)

    @property
    def at_most(self) -> float | None:
        """Like `about`, should every training take as long as it may."""
        return None if self.cost.run_at_most is None else self.cost.run_at_most * self.count(WindowState.TRAIN)

    def document(self) -> dict[str, Any]:
        """For machines: dates as YYYY-MM-DD, costs in US dollars."""
        return {
            "pipeline": self.pipeline,
            "windows": [planned.document() for planned in self.windows],
            "days_without_data": [day.isoformat() for day in self.without_data],
            "days_needed": self.needed,
            "cost": {"about": self.about, "at_most": self.at_most, "run": asdict(self.cost)},
        }


def windows(pipeline: Pipeline, asked: BackfillRequest) -> tuple[Window, ...]:
    """The windows of the pipeline's length, oldest first.

    Raises RefitError for a pinned window, for days out of order, for too many windows, and before the calendar's first.
    """
    if pipeline.window.start and pipeline.window.end:
        length = len(Window(pipeline.window.start, pipeline.window.end + ONE_DAY))
        hint = f"write window = {{ days = {length} }} in its file; or train on one window alone: refit trigger --window"
        raise RefitError(f"the window of {pipeline.pipeline} is pinned, and does not slide", hint)
    days = (asked.last - asked.first).days
    if days < 0:
        hint = f"write --from {asked.last} --to {asked.first}"
        raise RefitError(f"--from {asked.first} comes after --to {asked.last}", hint)
    if days // asked.step >= MOST_WINDOWS:
        message = f"{days // asked.step + 1:,} windows are more than {MOST_WINDOWS}"
        raise RefitError(message, f"write --step {days // MOST_WINDOWS + 1}, or ask for a part of the days at a time")
    before = timedelta(days=pipeline.window.sliding_days - 1)
    ends = (asked.first + timedelta(days=each) for each in range(0, days + 1, asked.step))
    try:
        return tuple(Window(end - before, end + ONE_DAY) for end in ends)
    except OverflowError as error:
        raise RefitError(f"a window from {asked.first} to {asked.last} is not in the calendar", "correct it") from error


def newest(records: Iterable[Record]) -> Record | None:
    """The run that tells of a window: the newest one, and rather one that did more than to find another at work."""
    return max(records, key=lambda one: (one.ended != ALREADY_RUNNING, one.started_at), default=None)


def todo(record: Record | None, *, enough: bool, changed: bool, again: bool) -> WindowState:
    """What is to do of a window, by the run that tells of it."""
    ended = record.ended if record else None
    if ended == STILL_RUNNING:
        return WindowState.FOLLOW
    if ended in MODEL:
        return WindowState.TRAIN if enough and changed and again else WindowState.DONE
    # A run that found another at work, or too little data, has done nothing.
    if ended not in (None, ALREADY_RUNNING, NO_NEW_DATA) and not again:
        return WindowState.FAILED
    return WindowState.TRAIN if enough else WindowState.NO_DATA


def has_changed(record: Record | None, objects: int, size: int) -> bool:
    """Whether the data, now `objects` of together `size` bytes, is not what the model saw, as far as numbers tell."""
    return record is not None and record.ended in MODEL and (record.objects, record.bytes) != (objects, size)


def without_data(span: Coverage, chosen: Iterable[Window]) -> tuple[date, ...]:
    """The days of the windows that have no data, each once; `span` covers all of them."""
    return tuple(sorted({day for window in chosen for day in window.days} - set(span.with_data)))
