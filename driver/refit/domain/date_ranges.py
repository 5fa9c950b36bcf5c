"""Writes days as ranges of dates, so that ten years of days fit into a sentence and into a run document. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from refit.domain.formatting import counted
from refit.domain.window import ONE_DAY, Window

MOST_NAMED = 10
"""How many ranges a message of a run names."""


def ranges(days: Iterable[date], most: int | None = None) -> str:
    """Days, with consecutive ones as a range: `2026-11-16 to 2026-11-18, 2026-11-20`; after `most` ranges, the number
    of days that are left.
    """
    found = _spans(days)
    text = ", ".join(str(span) if len(span) > 1 else str(span.start) for span in found[:most])
    more = sum(map(len, found[most:])) if most is not None else 0
    return f"{text} and {counted(more, 'more day')}" if more else text


def intervals(days: Iterable[date]) -> list[str]:
    """Days for a run document, oldest first: `2026-11-16/2026-11-18` (ISO 8601, both included), `2026-11-20`."""
    return ["/".join(dict.fromkeys((str(span.start), str(span.last)))) for span in _spans(days)]


def days_in(texts: Iterable[str]) -> list[date]:
    """Intervals → their days, in the same order. Raises ValueError if a text is neither a day nor an interval.

    The documents of earlier versions list every day, which is the same as intervals of one day.
    """
    return [day for text in texts for day in _window(text).days]


def count(texts: Iterable[str]) -> int:
    """The number of days in intervals. What is neither a day nor an interval counts as one: a message must not fail."""
    total = 0
    for text in texts:
        try:
            total += len(_window(text))
        except ValueError:
            total += 1
    return total


def _window(text: str) -> Window:
    first, to, last = text.partition("/")
    return Window.inclusive(first, last if to else first)


def _spans(days: Iterable[date]) -> list[Window]:
    """Each unbroken series of days, oldest first."""
    spans: list[Window] = []
    for day in sorted(days):
        if spans and spans[-1].end == day:
            spans[-1] = Window(spans[-1].start, day + ONE_DAY)
        else:
            spans.append(Window(day, day + ONE_DAY))
    return spans
