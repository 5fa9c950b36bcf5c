"""Computes the window, the days that a run trains on, from the event's time and the pipeline's settings. Pure.

The driver plans by the same rules as CheckData. They must not read the clock: if yesterday's event is repeated today,
its window still ends yesterday.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from refit.domain import run_document
from refit.domain.errors import InvalidEvent, InvalidSettings
from refit.domain.time_zones import time_zone

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(weeks=1)
MAX_DAYS = 3653
"""The maximum number of days in a window: ten calendar years with their leap days."""
MOVING = ("days", "weeks", "months", "expanding_from")
"""The settings that say how long a window is that moves with the event's day: one of them, or a pinned window."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class Window:
    """The calendar days from `start` up to, not including, `end`. Raises ValueError if there are none."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"{self.start} is after {self.end - ONE_DAY}")

    @classmethod
    def inclusive(cls, first: object, last: object) -> Window:
        """The window from one YYYY-MM-DD date to another, both included. Raises ValueError with the reason."""
        try:
            return cls(parse_day(first), parse_day(last) + ONE_DAY)
        except OverflowError as error:
            raise ValueError(f"{last} is too late") from error

    @property
    def last(self) -> date:
        return self.end - ONE_DAY

    @property
    def days(self) -> list[date]:
        """Every day, oldest first."""
        return [self.start + timedelta(days=offset) for offset in range(len(self))]

    def __len__(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.last}"

    def as_dates(self) -> run_document.Window:
        """The inclusive dates of the run document."""
        return {"start": self.start.isoformat(), "end": self.last.isoformat()}


def parse_day(text: object) -> date:
    """Parses a date in the form YYYY-MM-DD. Raises ValueError."""
    if not isinstance(text, str) or not DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a date; write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} is not a real date") from error


def parse_instant(text: object) -> datetime:
    """Parses an ISO 8601 instant with seconds and Z or an offset, and converts it to UTC. Raises ValueError."""
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not a time; write it like 2026-11-22T06:00:00Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text} is not a real time") from error


def instant_text(moment: datetime) -> str:
    """An instant (with a time zone) in ISO 8601, in UTC, with Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def window_of(
    settings: run_document.WindowSettings, event_time: datetime, override: Mapping[str, object] | None = None
) -> Window:
    """The window of an event at `event_time` (with a time zone).

    `override` (an event's detail.window) takes precedence over the settings; it and a pinned window are inclusive start
    and end dates. Any other window is `window_up_to` the event's day in the window's time zone, less `lag_days`;
    without a lag, that day is included. Raises InvalidEvent and InvalidSettings.
    """
    if override is not None:
        return _override(override)
    try:
        if all(settings.get(kind) is None for kind in MOVING):
            return Window.inclusive(settings.get("start"), settings.get("end"))
        window = window_up_to(settings, own_day(settings, event_time) - timedelta(days=settings["lag_days"]))
    except ValueError as error:
        raise InvalidSettings(f"window: {error}") from error
    except OverflowError as error:
        raise InvalidEvent(f"time: the window of {event_time.isoformat()} is outside of the calendar") from error
    if len(window) > MAX_DAYS:
        advice = f"expanding_from must be {window.end - MAX_DAYS * ONE_DAY} or later"
        raise InvalidSettings(f"window: {window} is {len(window):,} days, more than {MAX_DAYS:,}; {advice}")
    return window


def window_up_to(settings: run_document.WindowSettings, last: date) -> Window:
    """The window of a pipeline whose window moves, from the days up to and including `last`.

    `days`: the last days. `weeks`, `months`: the last complete calendar weeks (Monday to Sunday) or calendar months.
    `expanding_from`: every day from that one on. Raises ValueError if there are none, and OverflowError before year 1.
    """
    end = last + ONE_DAY
    if weeks := settings.get("weeks"):
        end -= timedelta(days=end.weekday())
        return Window(end - weeks * ONE_WEEK, end)
    if months := settings.get("months"):
        end = end.replace(day=1)
        return Window(_months_before(end, months), end)
    if first := settings.get("expanding_from"):
        start = parse_day(first)
        if start >= end:
            raise ValueError(f"expanding_from {start} is after {last}")
        return Window(start, end)
    return Window(end - settings["days"] * ONE_DAY, end)


def _months_before(first: date, months: int) -> date:
    """The first day of the month that is `months` before the month of `first`."""
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    if year < date.min.year:
        raise OverflowError(f"{months} months before {first} is before year 1")
    return date(year, month + 1, 1)


def own_day(settings: run_document.WindowSettings, event_time: datetime) -> date:
    """The calendar day of an event in the window's time zone. Raises InvalidEvent and InvalidSettings."""
    try:
        return event_time.astimezone(time_zone(settings["timezone"])).date()
    except ValueError as error:
        raise InvalidSettings(f"window: {error}") from error
    except OverflowError as error:
        raise InvalidEvent(f"time: {event_time.isoformat()} is not a day in {settings['timezone']}") from error


def _override(override: Mapping[str, object]) -> Window:
    if not isinstance(override, Mapping) or set(override) != {"start", "end"}:
        raise InvalidEvent('detail.window: write {"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}')
    try:
        window = Window.inclusive(override["start"], override["end"])
    except ValueError as error:
        raise InvalidEvent(f"detail.window: {error}") from error
    if len(window) > MAX_DAYS:
        raise InvalidEvent(f"detail.window: {window} is {len(window):,} days; write {MAX_DAYS} at most")
    return window
