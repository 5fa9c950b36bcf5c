"""Assigns S3 keys to days of data, and computes the fingerprint of a day's objects. Pure.

Whatever reads a day's data uses these rules: CheckData's manifests and fingerprints, ObjectArrived, plans, uploads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from refit.domain.object_names import NotData, not_data
from refit.domain.window import Window, parse_day


class DataObject(NamedTuple):
    """One object as ListObjectsV2 lists it: ETag without quotes, size in bytes."""

    key: str
    etag: str
    size: int


class Placed(NamedTuple):
    """The day that a key names, and why the object is not data of that day; None if it is."""

    day: date
    not_data: NotData | None


def place(key: str, prefix: str) -> Placed | None:
    """The day of `<prefix>YYYY-MM-DD.csv` or of any key under `<prefix>YYYY-MM-DD/`; None for a key of no day."""
    name = key.removeprefix(prefix)
    day, rest = name[:10], name[10:]
    if not key.startswith(prefix) or not (rest == ".csv" or rest.startswith("/")):
        return None
    try:
        return Placed(parse_day(day), not_data(rest[1:]) if rest.startswith("/") else None)
    except ValueError:
        return None


def day_of(key: str, prefix: str) -> date | None:
    """The day whose data the object is; None if it is not data of a day."""
    placed = place(key, prefix)
    return placed.day if placed is not None and placed.not_data is None else None


def start_after(prefix: str, window: Window) -> str:
    """ListObjectsV2's StartAfter. It is exclusive, need not exist, and sorts just before the first day's keys."""
    return f"{prefix}{window.start.isoformat()}"


def is_past(key: str, prefix: str, window: Window) -> bool:
    """Whether `key`, and therefore every later key in S3's order, is after the window, so that the listing can stop."""
    return key >= f"{prefix}{window.end.isoformat()}"


def by_day(objects: Iterable[DataObject], prefix: str, window: Window) -> dict[date, list[DataObject]]:
    """The days of the window that have data, oldest first, with their objects by key. Empty objects do not count."""
    found: dict[date, list[DataObject]] = {}
    for item in sorted(objects):
        day = day_of(item.key, prefix)
        if day is not None and day in window and item.size > 0:
            found.setdefault(day, []).append(item)
    return dict(sorted(found.items()))


def fingerprint(objects: Iterable[DataObject]) -> str:
    """The SHA-256 (hex) of the keys, ETags and sizes in key order: equal for equal data only."""
    return hashlib.sha256(json.dumps(sorted(objects), separators=(",", ":")).encode()).hexdigest()


def missing(window: Window, days: Iterable[date]) -> Iterator[date]:
    """The days of the window that are not among `days`, oldest first."""
    present = set(days)
    return (day for day in window.days if day not in present)
