"""The window section of a pipeline file. driver/refit/domain/window.py computes a run's window from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

DEFAULT_DAYS = 7
MAX_DAYS = 365
MAX_PINNED_DAYS = 366
"""A pinned window may cover a whole leap year."""


class Window(Section):
    """The days that a run trains on: sliding (`days`) or pinned (`start` and `end`, both inclusive)."""

    days: Annotated[
        int | None,
        Field(ge=1, le=MAX_DAYS),
        Constraint(f"be between 1 and {MAX_DAYS}", f"window = {{ days = {DEFAULT_DAYS} }}"),
    ] = None
    """The length of a sliding window in calendar days; if omitted, 7, unless the window is pinned."""
    start: Annotated[
        value_types.Day | None,
        Constraint(
            "be a valid date in the form YYYY-MM-DD",
            'window = { start = "2026-11-01", end = "2026-11-07" }',
            Code.BAD_DATE,
        ),
    ] = None
    """The first day of a pinned window."""
    end: Annotated[
        value_types.Day | None,
        Constraint(
            "be a valid date in the form YYYY-MM-DD",
            'window = { start = "2026-11-01", end = "2026-11-07" }',
            Code.BAD_DATE,
        ),
    ] = None
    """The last day of a pinned window."""
    holdout_days: Annotated[
        int,
        Field(ge=0, lt=MAX_PINNED_DAYS),
        Constraint(f"be between 0 and {MAX_DAYS}", "window = { days = 7, holdout_days = 1, min_days = 2 }"),
    ] = 0
    """The number of newest days with data that are held out from training, to validate the model."""
    min_days: Annotated[
        int,
        Field(ge=1, le=MAX_PINNED_DAYS),
        Constraint(f"be between 1 and {MAX_PINNED_DAYS}", "window = { days = 7, min_days = 2 }"),
    ] = 1
    """The number of days in the window that must have data for a run to train, including the holdout."""
    lag_days: Annotated[
        int, Field(ge=0, le=MAX_DAYS), Constraint(f"be between 0 and {MAX_DAYS}", "window = { days = 7, lag_days = 1 }")
    ] = 0
    """How many days before the run's date a sliding window ends, to allow for late data."""
    timezone: Annotated[
        value_types.TimeZone,
        Constraint(
            "be a name from the IANA time zone database",
            'window = { days = 7, timezone = "Europe/Berlin" }',
            Code.UNKNOWN_TIME_ZONE,
        ),
    ] = "UTC"
    """The time zone that determines the run's date."""

    @property
    def pinned(self) -> bool:
        return self.start is not None

    @property
    def sliding_days(self) -> int:
        """The length of a sliding window in days; meaningless for a pinned window."""
        return self.days or DEFAULT_DAYS

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if self.start is None and self.end is None:
            yield from self._lengths(self.sliding_days)
            return
        if self.days is not None:
            advice = "write window = { days = 7 } or window = { start = …, end = … }"
            yield Violation(("days",), Code.WINDOW_MIXED, "window.days cannot be combined with start and end", advice)
        if self.lag_days:
            message = "window.lag_days cannot be combined with start and end"
            yield Violation(("lag_days",), Code.WINDOW_MIXED, message, "remove it")
        if self.start is None or self.end is None:
            here, other = ("end", "start") if self.start is None else ("start", "end")
            message = f"window.{here} needs window.{other}"
            yield Violation((here,), Code.WINDOW_HALF, message, f'add {other} = "2026-11-01"')
        elif self.start > self.end:
            message = f"window.start must not be after window.end, got {self.start} and {self.end}"
            hint = f'write start = "{self.end}", end = "{self.start}"'
            yield Violation(("start",), Code.WINDOW_REVERSED, message, hint)
        else:
            length = (self.end - self.start) // timedelta(days=1) + 1
            if length > MAX_PINNED_DAYS:
                message = f"window must have at most {MAX_PINNED_DAYS} days, got {length}"
                hint = f'write end = "{self.start + timedelta(days=MAX_DAYS)}" or earlier'
                yield Violation(("end",), Code.WINDOW_TOO_LONG, message, hint)
            now = context.local_time(self.timezone)
            if now and self.end > now.date():
                where = "" if self.timezone == "UTC" else f" in {self.timezone}"
                message = f"window.end must not be in the future, got {self.end}, and today is {now.date()}{where}"
                yield Violation(("end",), Code.WINDOW_IN_FUTURE, message, f'write end = "{now.date()}" or earlier')
            yield from self._lengths(length)

    def _lengths(self, length: int) -> Iterator[Violation]:
        if self.holdout_days >= length:
            message = f"window.holdout_days must be below the {length} days of the window, got {self.holdout_days}"
            hint = f"write holdout_days = {min(1, length - 1)}"
            yield Violation(("holdout_days",), Code.HOLDOUT_TOO_LONG, message, hint)
        if self.min_days > length:
            message = f"window.min_days must be at most the {length} days of the window, got {self.min_days}"
            yield Violation(("min_days",), Code.MIN_DAYS_TOO_MANY, message, f"write min_days = {length}")
        # If omitted, it follows from the holdout: refit.domain.holdout.days_needed.
        elif "min_days" in self.model_fields_set and self.min_days <= self.holdout_days < length:
            message = f"window.min_days must be above holdout_days ({self.holdout_days}), got {self.min_days}"
            hint = f"write min_days = {self.holdout_days + 1}, or remove it"
            yield Violation(("min_days",), Code.MIN_DAYS_TOO_FEW, message, hint)
