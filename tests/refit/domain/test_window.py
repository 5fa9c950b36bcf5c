"""The window of an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.errors import InvalidEvent, InvalidSettings
from refit.domain.window import Window, instant_text, own_day, parse_day, parse_instant, window_of
from tests.support.windows import settings, windows

instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(sorted(available_timezones() - {"localtime"}))  # not of the database: the machine's own

SLIDING = {
    "the event's day is included": ("2026-11-22T06:00:00Z", "UTC", 0, "2026-11-16", "2026-11-22"),
    "midnight begins a day": ("2026-11-22T00:00:00Z", "UTC", 0, "2026-11-16", "2026-11-22"),
    "the last second of a day": ("2026-11-21T23:59:59Z", "UTC", 0, "2026-11-15", "2026-11-21"),
    "lag moves the whole window": ("2026-11-22T06:00:00Z", "UTC", 2, "2026-11-14", "2026-11-20"),
    "an offset counts": ("2026-11-22T02:00:00+09:00", "UTC", 0, "2026-11-15", "2026-11-21"),
    "tomorrow in Tokyo": ("2026-11-21T16:00:00Z", "Asia/Tokyo", 0, "2026-11-16", "2026-11-22"),
    "still yesterday": ("2026-11-22T06:00:00Z", "America/Los_Angeles", 0, "2026-11-15", "2026-11-21"),
    "five and three quarters": ("2026-11-21T18:14:59Z", "Asia/Kathmandu", 0, "2026-11-15", "2026-11-21"),
    "a quarter hour later": ("2026-11-21T18:15:00Z", "Asia/Kathmandu", 0, "2026-11-16", "2026-11-22"),
    "before the short day": ("2026-03-08T04:59:59Z", "America/New_York", 0, "2026-03-01", "2026-03-07"),
    "the short day's end": ("2026-03-09T03:59:59Z", "America/New_York", 0, "2026-03-02", "2026-03-08"),
    "after the short day": ("2026-03-09T04:00:00Z", "America/New_York", 0, "2026-03-03", "2026-03-09"),
    "the long day's end": ("2026-11-02T04:59:59Z", "America/New_York", 0, "2026-10-26", "2026-11-01"),
    "after the long day": ("2026-11-02T05:00:00Z", "America/New_York", 0, "2026-10-27", "2026-11-02"),
    "a leap year": ("2028-03-02T12:00:00Z", "UTC", 0, "2028-02-25", "2028-03-02"),
    "a common year": ("2026-03-02T12:00:00Z", "UTC", 0, "2026-02-24", "2026-03-02"),
    "the turn of a year": ("2027-01-02T12:00:00Z", "UTC", 0, "2026-12-27", "2027-01-02"),
    "Samoa left out a day": ("2011-12-31T00:00:00Z", "Pacific/Apia", 0, "2011-12-25", "2011-12-31"),
}


@pytest.mark.parametrize(("event", "zone", "lag", "first", "last"), SLIDING.values(), ids=SLIDING)
def test_a_sliding_window_is_the_last_days_up_to_the_events_own(
    event: str, zone: str, lag: int, first: str, last: str
) -> None:
    window = window_of(settings(timezone=zone, lag_days=lag), parse_instant(event))
    assert window.as_dates() == {"start": first, "end": last}
    assert len(window) == 7


@given(instants, zones, st.integers(1, 365), st.integers(0, 400))
def test_a_sliding_window_in_any_zone_ends_on_the_local_day(moment: datetime, zone: str, days: int, lag: int) -> None:
    window = window_of(settings(days=days, lag_days=lag, timezone=zone), moment)
    local = datetime.fromtimestamp(moment.timestamp(), ZoneInfo(zone)).date()
    assert window.last == local - timedelta(days=lag)
    assert len(window.days) == len(window) == days
    assert window.days == sorted(set(window.days))


MOVING = {
    "Sunday completes the week": ({"weeks": 1}, "2026-11-22", "2026-11-16", "2026-11-22"),
    "on Monday the week before": ({"weeks": 1}, "2026-11-23", "2026-11-16", "2026-11-22"),
    "on Saturday the week before": ({"weeks": 1}, "2026-11-28", "2026-11-16", "2026-11-22"),
    "weeks over the turn of a year": ({"weeks": 2}, "2027-01-03", "2026-12-21", "2027-01-03"),
    "the lag comes first": ({"weeks": 1, "lag_days": 1}, "2026-11-22", "2026-11-09", "2026-11-15"),
    "the last day completes the month": ({"months": 1}, "2026-11-30", "2026-11-01", "2026-11-30"),
    "a day earlier it does not": ({"months": 1}, "2026-11-29", "2026-10-01", "2026-10-31"),
    "a short month": ({"months": 1}, "2026-03-15", "2026-02-01", "2026-02-28"),
    "a leap year": ({"months": 1}, "2028-02-29", "2028-02-01", "2028-02-29"),
    "months over the turn of a year": ({"months": 3}, "2027-01-31", "2026-11-01", "2027-01-31"),
    "ten years of months": ({"months": 120}, "2026-12-31", "2017-01-01", "2026-12-31"),
    "ten years of days": ({"days": 3653}, "2026-12-31", "2016-12-31", "2026-12-31"),
    "every day since": ({"expanding_from": "2025-01-01"}, "2026-11-22", "2025-01-01", "2026-11-22"),
    "its first day": ({"expanding_from": "2026-11-22"}, "2026-11-22", "2026-11-22", "2026-11-22"),
    "every day since with a lag": (
        {"expanding_from": "2025-01-01", "lag_days": 2},
        "2026-11-22",
        "2025-01-01",
        "2026-11-20",
    ),
}


@pytest.mark.parametrize(("changes", "day", "first", "last"), MOVING.values(), ids=MOVING)
def test_a_window_of_weeks_months_or_since_a_day(changes: dict[str, Any], day: str, first: str, last: str) -> None:
    window = window_of(settings(**{"days": None, **changes}), parse_instant(f"{day}T12:00:00Z"))
    assert window.as_dates() == {"start": first, "end": last}


@given(instants, st.integers(1, 500), st.sampled_from(["weeks", "months"]))
def test_complete_weeks_and_months_are_those_of_the_calendar(moment: datetime, count: int, kind: str) -> None:
    count = min(count, 120) if kind == "months" else count
    window = window_of(settings(days=None, **{kind: count}), moment)
    assert window.end <= moment.date() + timedelta(days=1)
    assert (moment.date() - window.last).days < (7 if kind == "weeks" else 31)
    if kind == "weeks":
        assert (window.start.isoweekday(), window.end.isoweekday(), len(window)) == (1, 1, 7 * count)
    else:
        months = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
        assert (window.start.day, window.end.day, months) == (1, 1, count)


@given(instants, zones)
def test_a_day_later_the_window_has_moved_by_about_a_day(moment: datetime, zone: str) -> None:
    before, after = (window_of(settings(timezone=zone), moment + timedelta(days=step)) for step in (0, 1))
    # 0 and 2 if the clock was changed near midnight, or a zone crossed the date line.
    assert (after.last - before.last).days in (0, 1, 2)


@given(instants, windows)
def test_a_pinned_window_does_not_move(moment: datetime, window: Window) -> None:
    dates = window.as_dates()
    assert window_of(settings(days=None, **dates), moment) == window
    assert window_of(settings(), moment, override=dates) == window


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"days": None}, "None is not a date"),
        ({"days": None, "start": "2026-11-02", "end": "2026-11-01"}, "2026-11-02 is after 2026-11-01"),
        ({"timezone": "Mars/Olympus"}, "unknown time zone 'Mars/Olympus'"),
        ({"timezone": "../../etc/passwd"}, "unknown time zone"),
        ({"timezone": ""}, "unknown time zone"),
        ({"timezone": "America"}, "unknown time zone"),
        ({"days": 0}, "is after"),
        ({"days": None, "expanding_from": "2026-11-23"}, "expanding_from 2026-11-23 is after 2026-11-22"),
        ({"days": None, "expanding_from": "soon"}, "'soon' is not a date"),
        (
            {"days": None, "expanding_from": "2016-11-21"},
            "3,654 days, more than 3,653; expanding_from must be 2016-11-22 or later",
        ),
    ],
)
def test_settings_that_make_no_window_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidSettings, match=said):
        window_of(settings(**changes), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize("time", ["0001-01-02T00:00:00Z", "9999-12-31T23:00:00Z"])
def test_an_event_at_the_end_of_the_calendar_is_refused(time: str) -> None:
    with pytest.raises(InvalidEvent, match="outside of the calendar"):
        window_of(settings(), parse_instant(time))


@given(instants)
def test_an_instant_survives_its_text(moment: datetime) -> None:
    assert parse_instant(instant_text(moment)) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22",
        "2026-11-22T06:00:00",
        "2026-11-22 06:00:00Z",
        "20261122T060000Z",
        "2026-W47-7T06:00:00Z",
        "2026-11-22T06:00Z",
        "2026-11-22T06:00:00z",
        "2026-11-22T06:00:00+0900",
        "2026-11-22T24:00:00Z",
        "2026-11-22T06:00:60Z",
        "2026-02-29T06:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "2026-11-22T06:00:00Z\n",
        "٢٠٢٦-11-22T06:00:00Z",
        None,
        1795327200,
    ],
)
def test_anything_but_a_whole_iso_instant_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="time"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "0000-01-01", "2026-1-1", "20260101", "2026-01-01 ", 7])
def test_anything_but_a_real_strict_date_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="date"):
        parse_day(text)


@pytest.mark.parametrize(
    ("timezone", "time", "day"),
    [
        ("UTC", "2026-11-22T23:59:59Z", "2026-11-22"),
        ("America/Los_Angeles", "2026-11-22T07:59:59Z", "2026-11-21"),
        ("Pacific/Kiritimati", "2026-11-22T10:00:00Z", "2026-11-23"),
    ],
)
def test_an_event_has_its_own_day_in_the_windows_time_zone(timezone: str, time: str, day: str) -> None:
    settings: Any = {"timezone": timezone, "lag_days": 3}
    assert own_day(settings, parse_instant(time)).isoformat() == day


def test_an_event_at_the_end_of_time_has_no_day_in_the_east() -> None:
    settings: Any = {"timezone": "Pacific/Kiritimati"}
    with pytest.raises(InvalidEvent, match="is not a day in Pacific/Kiritimati"):
        own_day(settings, parse_instant("9999-12-31T23:59:59Z"))
