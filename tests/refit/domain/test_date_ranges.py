"""Ranges of days in text and in documents."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.domain.date_ranges import count, days_in, intervals, ranges


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


@settings(deadline=None)
@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 2, 28))))
def test_intervals_are_exactly_the_days(days: set[date]) -> None:
    assert days_in(intervals(days)) == sorted(days)


def test_intervals_include_both_ends() -> None:
    days = [date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 20)]
    assert intervals(days) == ["2026-11-16/2026-11-18", "2026-11-20"]


def test_a_list_of_days_is_read_as_earlier_versions_wrote_it() -> None:
    assert days_in(["2026-11-16", "2026-11-17"]) == [date(2026, 11, 16), date(2026, 11, 17)]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-17/", "2026-11-17/2026-11-16", "2026-02-30"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|after"):
        days_in([text])


def test_what_is_no_interval_counts_as_one_day() -> None:
    assert count(["2026-11-16/2026-11-18", "2026-11-20", "soon"]) == 5


@pytest.mark.parametrize(
    ("most", "text"),
    [
        (None, "2026-11-01, 2026-11-03, 2026-11-05 to 2026-11-07"),
        (3, "2026-11-01, 2026-11-03, 2026-11-05 to 2026-11-07"),
        (2, "2026-11-01, 2026-11-03 and 3 more days"),
        (1, "2026-11-01 and 4 more days"),
    ],
)
def test_a_text_names_so_many_ranges(most: int | None, text: str) -> None:
    assert ranges([date(2026, 11, day) for day in (1, 3, 5, 6, 7)], most) == text
