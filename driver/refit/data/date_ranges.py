"""Formats days as ranges of dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from refit.domain.window import ONE_DAY


def ranges(days: Sequence[date]) -> str:
    """Ascending days, with consecutive ones as a range: `2026-11-16 to 2026-11-18, 2026-11-20`."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][-1] == ONE_DAY:
            spans[-1] = [spans[-1][0], day]
        else:
            spans.append([day])
    return ", ".join(" to ".join(map(date.isoformat, span)) for span in spans)
