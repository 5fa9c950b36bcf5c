"""The day of a key, the objects that a listing needs, and the fingerprint of objects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from refit.domain.days import DataObject, by_day, fingerprint, missing
from refit.domain.layout import Layout
from refit.domain.object_names import not_data
from refit.domain.window import Window
from tests.support.windows import days_between, windows

PREFIX = "data/home-prices/train/"
LAYOUT = Layout(PREFIX)


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
        ("2026-11-22/part-0.csv/", None),
        ("2026-11-22/_SUCCESS", None),
        ("2026-11-22/_temporary/0/_temporary/attempt_1/part-00001.csv", None),
        ("2026-11-22/eu/.part-0.csv.crc", None),
        ("2026-11-22/manifest", None),
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
    assert LAYOUT.day_of(PREFIX + name) == day
    assert LAYOUT.day_of(name) is None


def keys_of(day: date) -> st.SearchStrategy[str]:
    names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda name: not not_data(name))
    under = names.map(lambda name: f"{PREFIX}{day}/{name}")
    return st.one_of(st.just(f"{PREFIX}{day}.csv"), under)


noise = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12).map(lambda rest: PREFIX + rest),
    st.sampled_from(["2026-02-30.csv", "2026-11-22", "2026-11-22/", "zzz", "2026-11-21.csv.bak"]).map(PREFIX.__add__),
    days_between.map(lambda day: f"other/{day}.csv"),
)


@st.composite
def buckets(draw: st.DrawFn) -> tuple[Window, dict[str, date]]:
    """A window, and keys with their days: in the window, around it and far from it."""
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
    objects = [DataObject(key, "e", 1) for key in {*of_day, *(key for key in others if LAYOUT.day_of(key) is None)}]
    expected: dict[date, list[str]] = {}
    for key, day in sorted(of_day.items(), key=lambda entry: (entry[1], entry[0])):
        if window.start <= day < window.end:
            expected.setdefault(day, []).append(key)
    found = by_day(objects, LAYOUT, window)
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
            if key.startswith(PREFIX) and key > LAYOUT.start_after(window):
                if LAYOUT.is_past(key, window):
                    return
                yield DataObject(key, "e", 1)

    everything = [DataObject(key, "e", 1) for key in in_s3_order]
    assert by_day(listing(), LAYOUT, window) == by_day(everything, LAYOUT, window)


def test_an_empty_object_is_not_data() -> None:
    window = Window.inclusive("2026-11-21", "2026-11-22")
    objects = [DataObject(f"{PREFIX}2026-11-21.csv", "e", 0), DataObject(f"{PREFIX}2026-11-22.csv", "e", 1)]
    assert list(by_day(objects, LAYOUT, window)) == [date(2026, 11, 22)]
    assert list(missing(window, by_day(objects, LAYOUT, window))) == [date(2026, 11, 21)]


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
