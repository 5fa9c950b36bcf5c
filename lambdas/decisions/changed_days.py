"""Detects late, corrected and deleted data in days that a model has seen. Pure.

A run writes the fingerprint of each day in its window. A later run, whose window may have moved on, compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from refit.domain.date_ranges import MOST_NAMED, ranges
from refit.domain.days import DataObject, fingerprint
from refit.domain.window import Window

DIGITS = 16

Fingerprints = Mapping[str, str | None]
"""The days of a window (YYYY-MM-DD) → the first digits of the fingerprint of that day's objects; null without data."""


class Changes(NamedTuple):
    """The days with changed data, oldest first. The text is empty, and so false, if there are none."""

    corrected: list[str]
    late: list[str]
    gone: list[str]

    def __str__(self) -> str:
        named = {"corrected": self.corrected, "late": self.late, "gone": self.gone}
        return "; ".join(
            f"{what}: {ranges(map(date.fromisoformat, days), MOST_NAMED)}" for what, days in named.items() if days
        )


def fingerprints(window: Window, data: Mapping[date, Iterable[DataObject]]) -> dict[str, str | None]:
    """The fingerprint of every day in the window, days without data included, to detect late data."""
    return {day.isoformat(): fingerprint(data[day])[:DIGITS] if day in data else None for day in window.days}


def between(before: Fingerprints, now: Fingerprints) -> Changes:
    """The changes on the days that both windows have. A window that only moves changes nothing."""
    both = sorted(before.keys() & now.keys())
    different = [day for day in both if before[day] != now[day]]
    return Changes(
        corrected=[day for day in different if before[day] is not None and now[day] is not None],
        late=[day for day in different if before[day] is None],
        gone=[day for day in different if now[day] is None],
    )
