"""Which days a run trains on: event time and settings → window; keys → days; holdout; fingerprint.

Pure, standard library alone: the driver plans with the same rules that CheckData runs by.
It must not read a clock: a run of yesterday's event, repeated today, is about yesterday.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lambdas import contract
from lambdas.contract import InvalidEvent, InvalidSettings

ONE_DAY = timedelta(days=1)
MAX_DAYS = 366
"""Of an event's own window: every day is in the run document, which may hold 262,144 bytes.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


@dataclass(frozen=True)
class Window:
    """The calendar days from `start` up to, not including, `end`. Never empty: ValueError otherwise."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"{self.start} is after {self.end - ONE_DAY}")

    @classmethod
    def inclusive(cls, first: object, last: object) -> Window:
        """The window of two strict YYYY-MM-DD dates, as people write them. Raises ValueError, saying what is wrong."""
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

    def as_dates(self) -> contract.Window:
        """The inclusive dates of the run document."""
        return {"start": self.start.isoformat(), "end": self.last.isoformat()}


class DataObject(NamedTuple):
    """One object as ListObjectsV2 lists it: ETag without quotes, size in bytes."""

    key: str
    etag: str
    size: int


def parse_day(text: object) -> date:
    """A strict YYYY-MM-DD that is a real date. Raises ValueError."""
    if not isinstance(text, str) or not DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a date; write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text} is not a real date") from error


def parse_instant(text: object) -> datetime:
    """An ISO 8601 instant with seconds and Z or an offset, in UTC. Raises ValueError."""
    if not isinstance(text, str) or not INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is not a time; write it like 2026-11-22T06:00:00Z")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text} is not a real time") from error


def instant_text(moment: datetime) -> str:
    """An aware moment as documents write it: ISO 8601, in UTC, ending in Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def window_of(
    settings: contract.WindowSettings, event_time: datetime, override: Mapping[str, object] | None = None
) -> Window:
    """The days that an event of `event_time` (aware) is about.

    `override` (an event's detail.window) wins over the settings; it and a pinned window are inclusive start and end
    dates. A sliding window is the last `days` calendar days, in the window's time zone, that end `lag_days` before the
    event's own day; with no lag that day is included. Raises InvalidEvent and InvalidSettings.
    """
    if override is not None:
        return _override(override)
    start, end = settings.get("start"), settings.get("end")
    days = settings.get("days")
    try:
        if days is None:
            return Window.inclusive(start, end)
        last = own_day(settings, event_time) - timedelta(days=settings["lag_days"])
        return Window(last - timedelta(days=days - 1), last + ONE_DAY)
    except ValueError as error:
        raise InvalidSettings(f"window: {error}") from error
    except OverflowError as error:
        raise InvalidEvent(f"time: no window of {days} days ends at {event_time.isoformat()}") from error


def own_day(settings: contract.WindowSettings, event_time: datetime) -> date:
    """The calendar day of an event (aware) in the window's time zone. Raises InvalidEvent and InvalidSettings."""
    try:
        return event_time.astimezone(time_zone(settings["timezone"])).date()
    except ValueError as error:
        raise InvalidSettings(f"window: {error}") from error
    except OverflowError as error:
        raise InvalidEvent(f"time: {event_time.isoformat()} is no day in {settings['timezone']}") from error


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


def time_zone(name: str) -> tzinfo:
    """The IANA zone of that name. UTC needs no zone database, so that the default works on any runtime.

    Raises ValueError when the zone, or the database, is missing.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def day_of(key: str, prefix: str) -> date | None:
    """The day whose data `key` is: `<prefix>YYYY-MM-DD.csv`, or anything under `<prefix>YYYY-MM-DD/`; else None."""
    name = key.removeprefix(prefix)
    day, rest = name[:10], name[10:]
    if not key.startswith(prefix) or not (rest == ".csv" or (rest.startswith("/") and rest != "/")):
        return None
    try:
        return parse_day(day)
    except ValueError:
        return None


def start_after(prefix: str, window: Window) -> str:
    """ListObjectsV2's StartAfter: it is exclusive, need not exist, and sorts just before the first day's keys."""
    return f"{prefix}{window.start.isoformat()}"


def is_past(key: str, prefix: str, window: Window) -> bool:
    """Whether `key` and so, in S3's order, every later key lies beyond the window: the listing may stop."""
    return key >= f"{prefix}{window.end.isoformat()}"


def by_day(objects: Iterable[DataObject], prefix: str, window: Window) -> dict[date, list[DataObject]]:
    """The days of the window that have data, oldest first, with their objects by key. Empty objects are no data."""
    found: dict[date, list[DataObject]] = {}
    for item in sorted(objects):
        day = day_of(item.key, prefix)
        if day is not None and day in window and item.size > 0:
            found.setdefault(day, []).append(item)
    return dict(sorted(found.items()))


def split(days: Iterable[date], holdout_days: int) -> tuple[list[date], list[date]]:
    """Days with data → (training days, validation days), oldest first.

    The holdout is the newest `holdout_days` days of the window *that have data*. Counting calendar days instead would
    hold out nothing whenever the newest day is late, which it is at every run that starts before its data lands, and
    the model would go out unmeasured. Counted this way there is always a validation set, at the cost of training days.
    """
    ordered = sorted(days)
    cut = max(len(ordered) - holdout_days, 0)
    return ordered[:cut], ordered[cut:]


def days_needed(settings: contract.WindowSettings) -> int:
    """How many days with data a run needs: `min_days` in all, and at least one to train on beside the holdout."""
    return max(settings["min_days"], settings["holdout_days"] + 1)


def fingerprint(objects: Iterable[DataObject]) -> str:
    """SHA-256, in hex, over the keys, ETags and sizes in key order: the same data, and only it, has the same one."""
    return hashlib.sha256(json.dumps(sorted(objects), separators=(",", ":")).encode()).hexdigest()


def iso(days: Iterable[date]) -> list[str]:
    """Dates as documents write them."""
    return [day.isoformat() for day in days]


def missing(window: Window, days: Iterable[date]) -> Iterator[date]:
    """The days of the window that are not among `days`, oldest first."""
    present = set(days)
    return (day for day in window.days if day not in present)
