"""Ranges of days in text."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from refit.data.date_ranges import ranges


@settings(deadline=None)
@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 2, 28))))
def test_ranges_name_exactly_the_days(days: set[date]) -> None:
    text = ranges(sorted(days))
    told = set[date]()
    for part in filter(None, text.split(", ")):
        first, _, last = part.partition(" to ")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        told |= {date.fromordinal(number) for number in range(start.toordinal(), end.toordinal() + 1)}
    assert told == days
