"""Groups the objects of a window by their days, and computes the fingerprint of a day's objects. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from refit.domain.layout import Layout
from refit.domain.object_names import NotData
from refit.domain.window import Window


class DataObject(NamedTuple):
    """One object as ListObjectsV2 lists it: ETag without quotes, size in bytes."""

    key: str
    etag: str
    size: int


class Grouped(NamedTuple):
    """The objects of each day that counts, and those of the days that lack their marker; oldest day first, by key."""

    days: dict[date, list[DataObject]]
    unmarked: dict[date, list[DataObject]]


def grouped(objects: Iterable[DataObject], layout: Layout, window: Window) -> Grouped:
    """The days of the window that have data. Empty objects are not data; a marker may be empty."""
    found: dict[date, list[DataObject]] = {}
    marked: set[date] = set()
    for item in sorted(objects):
        placed = layout.place(item.key)
        if placed is None or placed.day not in window:
            continue
        if placed.not_data is NotData.MARKER:
            marked.add(placed.day)
        elif placed.not_data is None and item.size > 0:
            found.setdefault(placed.day, []).append(item)
    days: dict[date, list[DataObject]] = {}
    unmarked: dict[date, list[DataObject]] = {}
    for day, items in sorted(found.items()):
        (days if layout.ready is None or day in marked else unmarked)[day] = items
    return Grouped(days, unmarked)


def by_day(objects: Iterable[DataObject], layout: Layout, window: Window) -> dict[date, list[DataObject]]:
    """The days of the window that have data and, if the layout has a marker, their marker."""
    return grouped(objects, layout, window).days


def fingerprint(objects: Iterable[DataObject]) -> str:
    """The SHA-256 (hex) of the keys, ETags and sizes in key order: equal for equal data only."""
    return hashlib.sha256(json.dumps(sorted(objects), separators=(",", ":")).encode()).hexdigest()


def missing(window: Window, days: Iterable[date]) -> Iterator[date]:
    """The days of the window that are not among `days`, oldest first."""
    present = set(days)
    return (day for day in window.days if day not in present)
