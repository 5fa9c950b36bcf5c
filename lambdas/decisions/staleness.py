"""Whether data has stopped to arrive. Pure."""

from __future__ import annotations

from datetime import date

from refit.domain import formatting
from refit.domain.window import parse_day


def sentence(today: date, newest: str | None, watermark: str | None, after_days: int) -> str | None:
    """How old the newest data is, when that is `after_days` or more, else None.

    The newest day that is known is the later of the window's `newest` and the `watermark`: a window of older days says
    nothing about what has arrived since. Without either there has never been data, and nothing has stopped.
    """
    known = max((day for day in (newest, watermark) if day is not None), default=None)
    if known is None:
        return None
    age = (today - parse_day(known)).days
    return f"The newest data is of {known}, {formatting.counted(age, 'day')} old." if age >= after_days else None
