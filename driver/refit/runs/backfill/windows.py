"""Computes the windows of a backfill, and what is left to do for each of them. Pure.

The run of a window is named after its days, the pipeline's settings and its code. So a window is trained once with the
same settings, however often it is requested, and once more with other settings.
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
from refit.domain.window import ONE_DAY, Window, window_up_to
from refit.errors import RefitError
from refit.pipeline.model import Pipeline
from refit.runs.launcher import Run
from refit.runs.record import Record

MOST_WINDOWS = 366
MODEL = frozenset({TRAINED, DEPLOYED})
"""The outcomes of a run that trained a model."""


@dataclass(frozen=True)
class BackfillRequest:
    """Windows that end on `first` and on every `step`-th day after it, up to `last`.

    `deploy_last` deploys the last of them. `again` retrains windows that failed or whose data has changed since.
    """

    first: date
    last: date
    step: int = 1
    deploy_last: bool = False
    again: bool = False


class WindowState(StrEnum):
    """What is left to do for a window."""

    TRAIN = "to train"
    FOLLOW = "running"
    DONE = "done before"
    FAILED = "failed before"
    NO_DATA = "without enough data"


@dataclass(frozen=True)
class PlannedWindow:
    """One window. `run` is the run to start or to follow, `days` the number of days that have data now.

    `record` is the record of its most relevant run, if there was one; `changed` says that the data has changed since,
    `deploys` that its model is to be deployed.
    """

    window: Window
    todo: WindowState
    run: Run
    days: int
    record: Record | None = None
    changed: bool = False
    deploys: bool = False

    def document(self) -> dict[str, Any]:
        """The window as JSON values."""
        return {
            "window": self.window.as_dates(),
            "todo": self.todo,
            "run": self.run.name if self.todo is WindowState.TRAIN or self.record is None else self.record.run,
            "days_with_data": self.days,
            "data_changed": self.changed,
        }


@dataclass(frozen=True)
class Backfill:
    """The plan of a backfill, oldest window first. `without_data` has the days of all windows that have no data.

    `needed` is the number of days with data that a run requires, `cost` the cost of one run.
    """

    pipeline: str
    windows: tuple[PlannedWindow, ...]
    without_data: tuple[date, ...]
    needed: int
    cost: Cost

    def count(self, todo: WindowState) -> int:
        return sum(planned.todo is todo for planned in self.windows)

    @property
    def about(self) -> float | None:
        """The cost of all windows that are to be trained, in US dollars; None if unknown."""
        return self._total(self.cost.training)

    @property
    def at_most(self) -> float | None:
        """Like `about`, if every training job takes as long as it may."""
        return self._total(self.cost.training_at_most)

    def _total(self, training: float | None) -> float | None:
        """The cost with `training` for each job. Only a window that deploys its model pays for a second fleet."""
        chosen = [window for window in self.windows if window.todo is WindowState.TRAIN]
        deployment = self.cost.second_fleet if any(window.deploys for window in chosen) else 0.0
        if training is None or self.cost.orchestration is None or deployment is None:
            return None
        return (training + self.cost.orchestration) * len(chosen) + deployment

    def document(self) -> dict[str, Any]:
        """The plan as JSON values: dates as YYYY-MM-DD, costs in US dollars."""
        return {
            "pipeline": self.pipeline,
            "windows": [planned.document() for planned in self.windows],
            "days_without_data": [day.isoformat() for day in self.without_data],
            "days_needed": self.needed,
            "cost": {"about": self.about, "at_most": self.at_most, "run": asdict(self.cost)},
        }


def windows(pipeline: Pipeline, request: BackfillRequest) -> tuple[Window, ...]:
    """The windows that runs on the days of the request would have, without a lag, oldest first.

    Raises RefitError for a pinned window, for days in the wrong order, for too many windows, and for dates that do not
    exist.
    """
    if pipeline.window.start and pipeline.window.end:
        length = len(Window(pipeline.window.start, pipeline.window.end + ONE_DAY))
        hint = f"write window = {{ days = {length} }} in its file; or train on a single window: refit trigger --window"
        raise RefitError(f"the window of {pipeline.pipeline} is pinned and does not slide", hint)
    days = (request.last - request.first).days
    if days < 0:
        hint = f"write --from {request.last} --to {request.first}"
        raise RefitError(f"--from {request.first} comes after --to {request.last}", hint)
    if days // request.step >= MOST_WINDOWS:
        message = f"{days // request.step + 1:,} windows are more than {MOST_WINDOWS}"
        raise RefitError(message, f"write --step {days // MOST_WINDOWS + 1}, or split the days into several commands")
    ends = (request.first + timedelta(days=each) for each in range(0, days + 1, request.step))
    try:
        # Several days may have the same window of weeks or months.
        return tuple(dict.fromkeys(window_up_to(pipeline.window.settings, end) for end in ends))
    except ValueError as error:
        raise RefitError(f"{pipeline.pipeline}: {error}", f"write --from {pipeline.window.expanding_from}") from error
    except OverflowError as error:
        raise RefitError(
            f"a window from {request.first} to {request.last} is outside of the calendar", "correct the dates"
        ) from error


def newest(records: Iterable[Record]) -> Record | None:
    """The most relevant run of a window: the newest, preferring runs that did not end in AlreadyRunning."""
    return max(records, key=lambda one: (one.ended != ALREADY_RUNNING, one.started_at), default=None)


def state_of(record: Record | None, *, enough: bool, changed: bool, again: bool) -> WindowState:
    """What is left to do for a window whose most relevant run is `record`."""
    ended = record.ended if record else None
    if ended == STILL_RUNNING:
        return WindowState.FOLLOW
    if ended in MODEL:
        return WindowState.TRAIN if enough and changed and again else WindowState.DONE
    # A run that ended because another run was working, or for lack of data, has done nothing.
    if ended not in (None, ALREADY_RUNNING, NO_NEW_DATA) and not again:
        return WindowState.FAILED
    return WindowState.TRAIN if enough else WindowState.NO_DATA


def has_changed(record: Record | None, objects: int, size: int) -> bool:
    """Whether the number of objects or their total size differs from what the model was trained on."""
    return record is not None and record.ended in MODEL and (record.objects, record.bytes) != (objects, size)


def without_data(span: Coverage, chosen: Iterable[Window]) -> tuple[date, ...]:
    """The days of the windows that have no data, without duplicates; `span` covers all windows."""
    return tuple(sorted({day for window in chosen for day in window.days} - set(span.with_data)))
