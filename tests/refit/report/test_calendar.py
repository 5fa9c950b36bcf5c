"""The calendar of a window: every day once, in weeks that begin on Mondays."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from refit.domain.window import Window
from refit.report.calendar import strip


def test_the_calendar_begins_on_mondays_and_is_blank_outside_the_window() -> None:
    window = Window(date(2026, 11, 18), date(2026, 11, 24))
    assert strip(window, lambda day: str(day.day % 10)) == [
        "            Mo Tu We Th Fr Sa Su",
        "2026-11-16         8  9  0  1  2",
        "2026-11-23   3",
    ]


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 366))
def test_the_calendar_marks_every_day_once(start: date, length: int) -> None:
    window = Window(start, date.fromordinal(start.toordinal() + length))
    lines = strip(window, lambda _: "#")
    assert "".join(lines).count("#") == length
    assert all(len(line) <= len(lines[0]) for line in lines)
