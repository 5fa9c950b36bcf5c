"""The layout of keys that name a day otherwise than Refit reads it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.layout_guess import first, guess

DAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("dt=2026-11-05/part-0.csv", "dt=%Y-%m-%d/"),
        ("year=2026/month=11/day=05/part-0.csv", "year=%Y/month=%m/day=%d/"),
        ("year=2026/month=11/day=5/part-0.csv", "year=%Y/month=%m/day=%-d/"),
        ("year=2026/month=11/day=05/hour=03/part-0.csv", "year=%Y/month=%m/day=%d/hour=%H/"),
        ("2026/11/05/03/stream-1-2026-11-05-03-00-00-4c1b.csv", "%Y/%m/%d/%H/"),
        ("2026/11/05/part-0.csv", "%Y/%m/%d/"),
        ("2026/11/05/99/part-0.csv", "%Y/%m/%d/"),
        ("20261105.csv", "%Y%m%d.csv"),
        ("20261105/eu/part-0.csv", "%Y%m%d/"),
        ("part-2026-11-05-0001.csv", "part-%Y-%m-%d-*.csv"),
        ("sales_2026_11_05.csv", "sales_%Y_%m_%d.csv"),
        ("2026-11-05.csv.gz", "%Y-%m-%d.csv.gz"),
        ("2026-11-05T03.csv", "%Y-%m-%d*.csv"),
        ("2026-11-05-retry/part-0.csv", "%Y-%m-%d*/"),
        ("2026/11/20261105.csv", "%Y/%m/%Y%m%d.csv"),
        ("20269999-2026-11-05.csv", "20269999-%Y-%m-%d.csv"),
    ],
)
def test_a_day_in_another_form_is_recognized(name: str, pattern: str) -> None:
    assert guess(name) == (DAY, pattern)


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "latest/part-0.csv",
        "2026-13-05/part-0.csv",
        "2026-02-30.csv",
        "1122026110533.csv",
        "12345678.csv",
        "2026-11_05.csv",
        "_delta_log/20261105.json",
        "dt=2026-11-05/_SUCCESS",
        "dt=2026-11-05/",
        "",
    ],
)
def test_other_names_have_no_layout(name: str) -> None:
    assert guess(name) is None


def test_users_read_a_layout_in_letters() -> None:
    _, found = first(["notes.txt", "year=2026/month=1/day=5/part-0.csv"]) or pytest.fail("none")
    assert str(found) == "year=YYYY/month=M/day=D/"


@given(st.text(max_size=30), st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.text(max_size=10))
def test_no_name_breaks_it(before: str, day: date, after: str) -> None:
    for name in (before, f"{before}{day}{after}", f"{before}{day:%Y/%m/%d}/{after}"):
        guess(name)
