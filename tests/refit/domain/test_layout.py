"""The days of keys in a pipeline's own layout, and what a listing of a window must contain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.days import DataObject, by_day, grouped
from refit.domain.layout import Layout
from refit.domain.object_names import NotData
from refit.domain.window import Window
from refit.pipeline.schema import data_layout
from tests.support.windows import windows

PREFIX = "data/homes/"
DAY = date(2026, 11, 5)
LAYOUTS = (
    None,
    "dt=%Y-%m-%d/",
    "year=%Y/month=%m/day=%d/",
    "%Y/%m/%d/%H/",
    "%Y/%m/%Y%m%d.csv",
    "%Y%m%d",
    "%Y%m%d*",
    "part-%Y-%m-%d-*.csv",
    "%Y-%m-%d*/eu/",
)


@pytest.mark.parametrize("pattern", LAYOUTS[1:])
def test_the_layouts_of_these_tests_are_valid(pattern: str) -> None:
    assert list(data_layout.faults(pattern)) == []


@pytest.mark.parametrize(
    ("pattern", "name", "day"),
    [
        ("dt=%Y-%m-%d/", "dt=2026-11-05/part-0.csv", DAY),
        ("dt=%Y-%m-%d/", "dt=2026-11-05/eu/part-0", DAY),
        ("dt=%Y-%m-%d/", "dt=2026-11-05/_temporary/0/part-0.csv", None),
        ("dt=%Y-%m-%d/", "dt=2026-11-05/", None),
        ("dt=%Y-%m-%d/", "dt=2026-11-31/part-0.csv", None),
        ("dt=%Y-%m-%d/", "2026-11-05.csv", None),
        ("dt=%Y-%m-%d/", "dt=٢٠٢٦-11-05/part-0.csv", None),
        ("%Y/%m/%d/%H/", "2026/11/05/23/part-0.csv", DAY),
        ("%Y/%m/%d/%H/", "2026/11/05/24/part-0.csv", None),
        ("%Y/%m/%d/%H/", "2026/11/05/part-0.csv", None),
        ("%Y/%m/%Y%m%d.csv", "2026/11/20261105.csv", DAY),
        ("%Y/%m/%Y%m%d.csv", "2026/11/20261205.csv", None),
        ("%Y%m%d.csv", "20261105.csv", DAY),
        ("%Y%m%d.csv", "20261105xcsv", None),
        ("%Y%m%d.csv", "20261105.csv.gz", None),
        ("part-%Y-%m-%d-*.csv", "part-2026-11-05-0001.csv", DAY),
        ("part-%Y-%m-%d-*.csv", "part-2026-11-05-a/b.csv", None),
        ("%Y%m%d*", "20261105.csv.metadata", None),
        ("%Y-%m-%d*/eu/", "2026-11-05-retry/eu/part-0.csv", DAY),
        ("%Y-%m-%d/*/", "2026-11-05/_temporary/part-0.csv", None),
    ],
)
def test_a_key_is_of_the_day_that_its_layout_names(pattern: str, name: str, day: date | None) -> None:
    assert Layout(PREFIX, pattern).day_of(PREFIX + name) == day
    assert Layout("other/", pattern).place(PREFIX + name) is None


@pytest.mark.parametrize("pattern", LAYOUTS)
@given(windows, st.data())
def test_the_listing_of_a_window_has_all_its_days(pattern: str | None, window: Window, data: st.DataObject) -> None:
    layout = Layout(PREFIX, pattern)
    near = st.integers(-40, len(window) + 40).map(lambda offset: window.start + timedelta(days=offset))
    noise = st.text("dt=0123456789-/.abz~", max_size=12).map(PREFIX.__add__)
    keys = [layout.key(day) for day in data.draw(st.lists(near, max_size=12))] + data.draw(st.lists(noise, max_size=8))
    in_s3_order = sorted(set(keys), key=str.encode)

    def listing() -> Iterator[DataObject]:
        for key in in_s3_order:
            if key > layout.start_after(window):
                if layout.is_past(key, window):
                    return
                yield DataObject(key, "e", 1)

    everything = [DataObject(key, "e", 1) for key in in_s3_order]
    assert by_day(listing(), layout, window) == by_day(everything, layout, window)


@pytest.mark.parametrize("pattern", LAYOUTS)
@pytest.mark.parametrize("day", [date(987, 1, 2), DAY, date(9999, 12, 31)])
def test_an_uploaded_object_is_of_its_day(pattern: str | None, day: date) -> None:
    layout = Layout(PREFIX, pattern)
    assert layout.day_of(layout.key(day)) == day


@pytest.mark.parametrize("pattern", [None, "dt=%Y-%m-%d/", "year=%Y/month=%m/day=%d/"])
def test_a_day_with_a_marker_counts_when_the_marker_is_there(pattern: str | None) -> None:
    layout, window = Layout(PREFIX, pattern, "_SUCCESS"), Window(DAY, DAY + timedelta(days=2))
    data = DataObject(layout.key(DAY), "e", 1)
    marker = layout.marker(DAY)
    assert marker is not None
    assert layout.place(marker) == (DAY, NotData.MARKER)
    assert grouped([data], layout, window) == ({}, {DAY: [data]})
    assert grouped([data, DataObject(marker, "e", 0)], layout, window) == ({DAY: [data]}, {})
    assert grouped([DataObject(marker, "e", 0)], layout, window) == ({}, {})
    elsewhere = marker.replace("_SUCCESS", "eu/_SUCCESS")
    assert grouped([data, DataObject(elsewhere, "e", 0)], layout, window).days == {}


def test_a_marker_need_not_be_hidden_to_be_no_data() -> None:
    layout, window = Layout(PREFIX, None, "done"), Window(DAY, DAY + timedelta(days=1))
    data, marker = DataObject(f"{PREFIX}{DAY}/part-0.csv", "e", 1), DataObject(f"{PREFIX}{DAY}/done", "e", 4)
    assert by_day([data, marker], layout, window) == {DAY: [data]}


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [
        (None, "2026-11-05/"),
        ("year=%Y/month=%m/day=%d/", "year=2026/month=11/day=05/"),
        ("%Y/%m/%d/%H/", "2026/11/05/"),
        ("%Y%m%d.csv", None),
        ("%Y-%m-%d*/", None),
    ],
)
def test_the_folder_of_a_day(pattern: str | None, folder: str | None) -> None:
    assert Layout(PREFIX, pattern).folder(DAY) == (folder and PREFIX + folder)
