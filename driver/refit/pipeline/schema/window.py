"""The window section of a pipeline file. driver/refit/domain/window.py computes a run's window from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from refit.domain.run_document import WindowSettings
from refit.domain.window import MAX_DAYS, MOVING, ONE_DAY, ONE_WEEK, window_up_to
from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

DEFAULT_DAYS = 7
MAX_WEEKS = MAX_DAYS // 7
MAX_MONTHS = 120
MAX_LAG_DAYS = 365
LONGEST_MONTH = 31
ORDINARY_YEAR = 2023
"""A year without a leap day, and without one in the year before."""


class Window(Section):
    """The days that a run trains on: the last days, calendar weeks or months, every day since one, or fixed days."""

    days: Annotated[
        int | None,
        Field(ge=1, le=MAX_DAYS),
        Constraint(f"be between 1 and {MAX_DAYS}", f"window = {{ days = {DEFAULT_DAYS} }}"),
    ] = None
    """The length of a sliding window in calendar days; if the file has no other kind of window, 7."""
    weeks: Annotated[
        int | None,
        Field(ge=1, le=MAX_WEEKS),
        Constraint(f"be between 1 and {MAX_WEEKS}", "window = { weeks = 4 }"),
    ] = None
    """The number of complete calendar weeks, Monday to Sunday, that the window has: it moves once a week."""
    months: Annotated[
        int | None,
        Field(ge=1, le=MAX_MONTHS),
        Constraint(f"be between 1 and {MAX_MONTHS}", "window = { months = 3 }"),
    ] = None
    """The number of complete calendar months that the window has: it moves once a month."""
    expanding_from: Annotated[
        value_types.Day | None,
        Constraint(
            "be a valid date in the form YYYY-MM-DD", 'window = { expanding_from = "2026-01-01" }', Code.BAD_DATE
        ),
    ] = None
    """The first day of a window that grows with every day."""
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
        Field(ge=0, lt=MAX_DAYS),
        Constraint(f"be between 0 and {MAX_DAYS - 1}", "window = { days = 7, holdout_days = 1, min_days = 2 }"),
    ] = 0
    """The number of newest days with data that are held out from training, to validate the model."""
    min_days: Annotated[
        int,
        Field(ge=1, le=MAX_DAYS),
        Constraint(f"be between 1 and {MAX_DAYS}", "window = { days = 7, min_days = 2 }"),
    ] = 1
    """The number of days in the window that must have data for a run to train, including the holdout."""
    lag_days: Annotated[
        int,
        Field(ge=0, le=MAX_LAG_DAYS),
        Constraint(f"be between 0 and {MAX_LAG_DAYS}", "window = { days = 7, lag_days = 1 }"),
    ] = 0
    """How many days before the run's date the window ends, to allow for late data; a pinned window has none."""
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
    def settings(self) -> WindowSettings:
        """The window as CheckData receives it: only the fields of its kind."""
        settings: WindowSettings = {
            "holdout_days": self.holdout_days,
            "min_days": self.min_days,
            "lag_days": self.lag_days,
            "timezone": self.timezone,
        }
        if self.start and self.end:
            return {**settings, "start": self.start.isoformat(), "end": self.end.isoformat()}
        if self.expanding_from:
            return {**settings, "expanding_from": self.expanding_from.isoformat()}
        if self.months:
            return {**settings, "months": self.months}
        if self.weeks:
            return {**settings, "weeks": self.weeks}
        return {**settings, "days": self.days or DEFAULT_DAYS}

    @property
    def behind_days(self) -> int:
        """How many days the window's last day may be before the date of a run."""
        return self.lag_days + (LONGEST_MONTH - 1 if self.months else ONE_WEEK.days - 1 if self.weeks else 0)

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        written = [name for name in MOVING if getattr(self, name) is not None]
        now = context.local_time(self.timezone)
        today = now.date() if now else None
        if self.start is None and self.end is None:
            yield from self._one_kind(written)
            if self.expanding_from and today:
                yield from self._expanding(self.expanding_from, today)
            yield from self._lengths(None if self.expanding_from else self._fewest_days())
            return
        for name in written:
            advice = f"write window = {{ {name} = {_shown(getattr(self, name))} }} or window = {{ start = …, end = … }}"
            yield Violation((name,), Code.WINDOW_MIXED, f"window.{name} cannot be combined with start and end", advice)
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
            length = (self.end - self.start).days + 1
            if length > MAX_DAYS:
                message = f"window must have at most {MAX_DAYS:,} days, got {length:,}"
                hint = f'write end = "{self.start + timedelta(days=MAX_DAYS - 1)}" or earlier'
                yield Violation(("end",), Code.WINDOW_TOO_LONG, message, hint)
            if today and self.end > today:
                yield from self._in_future("end", self.end, today)
            yield from self._lengths(length)

    def _one_kind(self, written: list[str]) -> Iterator[Violation]:
        for name in written[1:]:
            message = f"window.{name} cannot be combined with window.{written[0]}"
            yield Violation((name,), Code.WINDOW_MIXED, message, f"remove {name} or {written[0]}")

    def _expanding(self, first: date, today: date) -> Iterator[Violation]:
        if first > today:
            yield from self._in_future("expanding_from", first, today)
        elif first > today - timedelta(days=self.lag_days):
            message = f"window has no days yet: it ends {self.lag_days} days before today, and begins on {first}"
            hint = f'write expanding_from = "{today - timedelta(days=self.lag_days)}" or earlier'
            yield Violation(("expanding_from",), Code.WINDOW_TOO_LONG, message, hint)
        elif (length := (today - first).days + 1) > MAX_DAYS:
            message = f"window must have at most {MAX_DAYS:,} days, and has {length:,} from {first} to today"
            hint = f'write expanding_from = "{today - timedelta(days=MAX_DAYS - 1)}" or later'
            yield Violation(("expanding_from",), Code.WINDOW_TOO_LONG, message, hint)

    def _in_future(self, field: str, day: date, today: date) -> Iterator[Violation]:
        where = "" if self.timezone == "UTC" else f" in {self.timezone}"
        message = f"window.{field} must not be in the future, got {day}, and today is {today}{where}"
        yield Violation((field,), Code.WINDOW_IN_FUTURE, message, f'write {field} = "{today}" or earlier')

    def _fewest_days(self) -> int:
        """The fewest days that the window has at any date."""
        if not self.months:
            return (self.weeks or 0) * ONE_WEEK.days or self.days or DEFAULT_DAYS
        ends = (date(ORDINARY_YEAR, month, 1) - ONE_DAY for month in range(1, 13))
        return min(len(window_up_to(self.settings, end)) for end in ends)

    def _lengths(self, length: int | None) -> Iterator[Violation]:
        if length and self.holdout_days >= length:
            message = f"window.holdout_days must be below the {length:,} days of the window, got {self.holdout_days:,}"
            hint = f"write holdout_days = {min(1, length - 1)}"
            yield Violation(("holdout_days",), Code.HOLDOUT_TOO_LONG, message, hint)
        if length and self.min_days > length:
            message = f"window.min_days must be at most the {length:,} days of the window, got {self.min_days:,}"
            yield Violation(("min_days",), Code.MIN_DAYS_TOO_MANY, message, f"write min_days = {length}")
        # If omitted, it follows from the holdout: refit.domain.holdout.days_needed.
        elif "min_days" in self.model_fields_set and self.min_days <= self.holdout_days < (length or MAX_DAYS):
            message = f"window.min_days must be above holdout_days ({self.holdout_days}), got {self.min_days}"
            hint = f"write min_days = {self.holdout_days + 1}, or remove it"
            yield Violation(("min_days",), Code.MIN_DAYS_TOO_FEW, message, hint)


def _shown(value: int | date) -> str:
    """A value as it is written in a pipeline file."""
    return f'"{value}"' if isinstance(value, date) else str(value)
