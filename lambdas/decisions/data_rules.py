"""Decides whether a window has enough data, new data, or stale data. Pure.

Users read the reasons in Slack and in the console.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from refit.domain import formatting, run_document
from refit.domain.date_ranges import MOST_NAMED, ranges
from refit.domain.holdout import days_needed
from refit.domain.window import Window, parse_day


def too_little(window: Window, days: Sequence[date], settings: run_document.WindowSettings) -> str | None:
    """Why no model can be trained on `days` (those with data, oldest first), even with force; None if one can."""
    if not days:
        return f"no data in the window {window}"
    needed = days_needed(settings)
    if len(days) >= needed:
        return None
    have = "1 day has data" if len(days) == 1 else f"{len(days)} days have data"
    why = f"min_days = {settings['min_days']}, holdout_days = {settings['holdout_days']}"
    return f"too few days: {have} in the window {window} ({ranges(days, MOST_NAMED)}), {needed} are needed ({why})"


def nothing_new(window: Window, newest: date, watermark: str | None) -> str | None:
    """Why the live model needs no retraining, judged by the newest day with data; None if there is a newer day."""
    if watermark is None or newest.isoformat() > watermark:
        return None
    return (
        f"nothing new: the newest data in the window {window} is from {newest}, "
        f"and the live model has seen data up to {watermark}"
    )


def stale(today: date, newest: str | None, watermark: str | None, after_days: int) -> str | None:
    """A sentence about the age of the newest data if that is `after_days` or more, otherwise None.

    The newest known day is the later of the window's `newest` and the `watermark`, because a window of older days does
    not show what has arrived since. Without either, there has never been data that could be stale.
    """
    known = max((day for day in (newest, watermark) if day is not None), default=None)
    if known is None:
        return None
    age = (today - parse_day(known)).days
    return f"The newest data is from {known}: {formatting.counted(age, 'day')} old." if age >= after_days else None
