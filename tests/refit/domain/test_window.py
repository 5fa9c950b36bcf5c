"""The window: which days an event is about, which day a key is of, what is held out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from refit.domain.days import DataObject, by_day, day_of, fingerprint, is_past, missing, start_after
from refit.domain.errors import InvalidEvent, InvalidSettings
from refit.domain.holdout import days_needed, split
from refit.domain.run_document import WindowSettings
from refit.domain.window import Window, instant_text, own_day, parse_day, parse_instant, window_of

PREFIX = "data/home-prices/train/"

days_between = st.dates(date(1971, 1, 1), date(2200, 1, 1))
instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(sorted(available_timezones()))
windows = st.builds(lambda start, length: Window(start, start + timedelta(length)), days_between, st.integers(1, 365))


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


def settings(**changes: Any) -> WindowSettings:
    made: WindowSettings = {"days": 7, "holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "UTC"}
    return made | changes  # type: ignore[return-value]


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


@given(instants, zones)
def test_a_day_later_the_window_has_moved_by_about_a_day(moment: datetime, zone: str) -> None:
    before, after = (window_of(settings(timezone=zone), moment + timedelta(days=step)) for step in (0, 1))
    # 0 and 2: the clock was turned near midnight, or a zone crossed the date line.
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
    ],
)
def test_settings_that_make_no_window_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidSettings, match=said):
        window_of(settings(**changes), datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize("time", ["0001-01-02T00:00:00Z", "9999-12-31T23:00:00Z"])
def test_an_event_at_the_end_of_the_calendar_is_refused(time: str) -> None:
    with pytest.raises(InvalidEvent, match="no window of 7 days"):
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
    ("name", "day"),
    [
        ("2026-11-22.csv", date(2026, 11, 22)),
        ("2026-11-22/part-0.csv", date(2026, 11, 22)),
        ("2026-11-22/a/b/c", date(2026, 11, 22)),
        ("2028-02-29.csv", date(2028, 2, 29)),
        ("2026-02-29.csv", None),
        ("2026-11-31/part-0.csv", None),
        ("2026-11-22/", None),
        ("2026-11-22", None),
        ("2026-11-22.csv.gz", None),
        ("2026-11-22.CSV", None),
        ("2026-11-22.csv/part-0", None),
        ("2026-11-22-corrected.csv", None),
        ("x/2026-11-22.csv", None),
        ("latest.csv", None),
        ("٢٠٢٦-11-22.csv", None),
        ("", None),
    ],
)
def test_a_key_is_of_the_day_that_it_names_or_of_none(name: str, day: date | None) -> None:
    assert day_of(PREFIX + name, PREFIX) == day
    assert day_of(name, PREFIX) is None


def keys_of(day: date) -> st.SearchStrategy[str]:
    under = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).map(lambda rest: f"{PREFIX}{day}/{rest}")
    return st.one_of(st.just(f"{PREFIX}{day}.csv"), under)


noise = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12).map(lambda rest: PREFIX + rest),
    st.sampled_from(["2026-02-30.csv", "2026-11-22", "2026-11-22/", "zzz", "2026-11-21.csv.bak"]).map(PREFIX.__add__),
    days_between.map(lambda day: f"other/{day}.csv"),
)


@st.composite
def buckets(draw: st.DrawFn) -> tuple[Window, dict[str, date]]:
    """A window, and keys with the day that each is of: within the window, around it and far from it."""
    window = draw(windows)
    near = st.integers(-3, len(window) + 2).map(lambda offset: window.start + timedelta(days=offset))
    days = draw(st.lists(st.one_of(near, days_between), max_size=12))
    return window, {draw(keys_of(day)): day for day in days}


@given(buckets(), st.lists(noise, max_size=8))
@example((Window(date(9999, 12, 30), date(9999, 12, 31)), {f"{PREFIX}9999-12-30.csv": date(9999, 12, 30)}), [])
def test_every_key_is_counted_for_its_own_day_and_no_other(
    bucket: tuple[Window, dict[str, date]], others: list[str]
) -> None:
    window, of_day = bucket
    objects = [DataObject(key, "e", 1) for key in {*of_day, *(key for key in others if day_of(key, PREFIX) is None)}]
    expected: dict[date, list[str]] = {}
    for key, day in sorted(of_day.items(), key=lambda entry: (entry[1], entry[0])):
        if window.start <= day < window.end:
            expected.setdefault(day, []).append(key)
    found = by_day(objects, PREFIX, window)
    assert {day: [item.key for item in items] for day, items in found.items()} == expected
    assert list(found) == list(expected)


@given(buckets(), st.lists(noise, max_size=8))
def test_the_listing_that_starts_late_and_stops_early_finds_what_the_full_one_finds(
    bucket: tuple[Window, dict[str, date]], others: list[str]
) -> None:
    window, of_day = bucket
    in_s3_order = sorted({*of_day, *others}, key=str.encode)

    def listing() -> Iterator[DataObject]:
        for key in in_s3_order:
            if key.startswith(PREFIX) and key > start_after(PREFIX, window):
                if is_past(key, PREFIX, window):
                    return
                yield DataObject(key, "e", 1)

    everything = [DataObject(key, "e", 1) for key in in_s3_order]
    assert by_day(listing(), PREFIX, window) == by_day(everything, PREFIX, window)


def test_an_empty_object_is_no_data() -> None:
    window = Window.inclusive("2026-11-21", "2026-11-22")
    objects = [DataObject(f"{PREFIX}2026-11-21.csv", "e", 0), DataObject(f"{PREFIX}2026-11-22.csv", "e", 1)]
    assert list(by_day(objects, PREFIX, window)) == [date(2026, 11, 22)]
    assert list(missing(window, by_day(objects, PREFIX, window))) == [date(2026, 11, 21)]


def test_the_holdout_is_the_newest_days_that_have_data() -> None:
    late = [date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20)]
    assert split(late, 1) == (late[:2], late[2:])
    assert split(late, 0) == (late, [])


@given(st.lists(days_between, unique=True), st.integers(0, 40))
def test_the_holdout_takes_what_it_needs_and_training_the_rest(days: list[date], holdout: int) -> None:
    train, validation = split(days, holdout)
    assert train + validation == sorted(days)
    assert len(validation) == min(holdout, len(days))


@given(st.integers(1, 365), st.integers(0, 364))
def test_the_days_that_a_run_needs_always_leave_one_to_train_on(min_days: int, holdout_days: int) -> None:
    needed = days_needed(settings(min_days=min_days, holdout_days=holdout_days))
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(needed)]
    assert needed >= min_days
    assert split(days, holdout_days)[0]


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
    with pytest.raises(InvalidEvent, match="is no day in Pacific/Kiritimati"):
        own_day(settings, parse_instant("9999-12-31T23:59:59Z"))


objects_lists = st.lists(
    st.builds(DataObject, st.text(max_size=5), st.text("0123456789abcdef", max_size=3), st.integers(0, 9)),
    max_size=6,
    unique_by=lambda item: item.key,
)


@given(objects_lists, st.randoms(use_true_random=False))
def test_the_fingerprint_does_not_depend_on_the_order(objects: list[DataObject], random: Any) -> None:
    shuffled = random.sample(objects, len(objects))
    assert fingerprint(shuffled) == fingerprint(objects)


@given(objects_lists, objects_lists)
def test_different_data_has_a_different_fingerprint(one: list[DataObject], other: list[DataObject]) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (sorted(one) == sorted(other))


def test_the_fingerprint_is_the_same_in_every_version() -> None:
    objects = [DataObject("data/2026-11-22.csv", "9e107d9d372bb6826bd81d3542a419d6", 43)]
    assert fingerprint(objects) == "a5c32b11b2061160fe98858268e31d6e4d6331a703922a32ec12fe15ba6fec90"
