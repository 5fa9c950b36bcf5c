"""The data section: the locations that data may have, and when data is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.domain.layout import Layout
from tests.support.checkout import MINIMAL, load, problems


@pytest.mark.parametrize(
    "prefix", ["", "/", "data", "/data/", "data//x/", "data/../x/", "data/*/", "data/${x}/", "dätä/"]
)
def test_a_data_prefix_is_a_plain_folder(tmp_path: Path, prefix: str) -> None:
    text = MINIMAL.replace("data/home-prices/train/", prefix.replace("${", "$${"))
    (found,) = problems(tmp_path, text)
    assert found.startswith("2:19: bad-prefix data.prefix must be a folder")


@pytest.mark.parametrize("prefix", ["runs/", "models/home-prices/"])
def test_data_does_not_lie_where_refit_writes(tmp_path: Path, prefix: str) -> None:
    (found,) = problems(tmp_path, MINIMAL.replace("data/home-prices/train/", prefix))
    assert found == (
        f'2:19: reserved data.prefix must not be in runs/ or models/, which Refit writes, got "{prefix}"; '
        f'write prefix = "data/{prefix}"'
    )


@pytest.mark.parametrize("days", [0, 366])
def test_data_goes_stale_within_a_year(tmp_path: Path, days: int) -> None:
    text = MINIMAL.replace("13 }", f"13, stale_after_days = {days} }}")
    (found,) = problems(tmp_path, text)
    assert f"data.stale_after_days must be between 1 and 365, got {days}" in found


def test_data_is_not_stale_in_every_run(tmp_path: Path) -> None:
    text = MINIMAL.replace("13 }", "13, stale_after_days = 2 }")
    assert load(tmp_path, f"{text}window = {{ days = 7, lag_days = 1 }}\n").data.stale_after_days == 2
    assert problems(tmp_path, f"{text}window = {{ days = 7, lag_days = 2 }}\n") == [
        "3:33: out-of-range window.lag_days must be below data.stale_after_days (2), got 2; "
        "write stale_after_days = 4: with this window the data of every run would be stale"
    ]


@pytest.mark.parametrize(
    "layout",
    [
        "dt=%Y-%m-%d/",
        "year=%Y/month=%m/day=%d/",
        "%Y/%m/%d/%H/",
        "%Y/%m/%Y-%m-%d.csv",
        "%Y%m%d.csv",
        "part-%Y-%m-%d-*.csv",
        "_raw/%Y-%m-%d/",
    ],
)
def test_a_layout_names_year_month_and_day_in_this_order(tmp_path: Path, layout: str) -> None:
    found = load(tmp_path, MINIMAL.replace("13 }", f'13, layout = "{layout}" }}')).data
    assert found.key_layout == Layout("data/home-prices/train/", layout)


@pytest.mark.parametrize(
    ("layout", "said", "instead"),
    [
        ("%d-%m-%Y/", "does not sort by day: the year must come first", "%Y/%m/%d/"),
        ("%m/%Y-%m-%d.csv", "does not sort by day", "%Y-%m-%d-*.csv"),
        ("%H/%Y-%m-%d/", "does not sort by day", "%Y/%m/%d/"),
        ("region=*/%Y-%m-%d/", "has * before the day", "region=/%Y-%m-%d/"),
        ("%y%m%d.csv", "has %y: only %Y, %m, %d and %H are read", "%Y%m%d.csv"),
        ("%Y-%j/", "has %j", "dt=%Y-%m-%d/"),
        ("%Y-%m/", "has no %d", "dt=%Y-%m-%d/"),
        ("/%Y//%m/%d/", "has an empty part", "%Y/%m/%d/"),
        ("dt %Y-%m-%d/", "has ' ', which is not a letter", "dt-%Y-%m-%d/"),
        ("%Y-%m-%d/_parts/", "names objects that are never data, such as upload.csv", "dt=%Y-%m-%d/"),
        ("%Y-%m-%d/manifest.json", "names objects that are never data, such as manifest.json", "dt=%Y-%m-%d/"),
        ("%Y-%m-%d-*.crc", "names objects that are never data, such as 2026-11-01-upload.crc", "dt=%Y-%m-%d/"),
        ("%Y-%m-%d" + "x" * 200, "has 208 characters, more than 200", "dt=%Y-%m-%d/"),
        ("", "has no %Y", "dt=%Y-%m-%d/"),
        ("%", "has %: only", "dt=%Y-%m-%d/"),
    ],
)
def test_a_layout_whose_days_are_not_together_is_refused(tmp_path: Path, layout: str, said: str, instead: str) -> None:
    (found,) = problems(tmp_path, MINIMAL.replace("13 }", f'13, layout = "{layout}" }}'))
    assert found.startswith(f'2:73: bad-layout data.layout "{layout}" {said}')
    assert found.endswith(f'write layout = "{instead}"')


def test_days_without_leading_zeros_have_to_be_renamed(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, MINIMAL.replace("13 }", '13, layout = "month=%-m/%Y/%d/" }'))
    assert "has %-m: a number without a leading zero does not sort: 10 comes before 9; " in found
    assert found.endswith('name the keys with leading zeros, and write layout = "dt=%Y-%m-%d/"')


@pytest.mark.parametrize(
    ("layout", "said"), [("%Y%m%d.csv", "names no folder of a day"), ("%Y/%m/%d/%H/", "names a folder of each hour")]
)
def test_a_marker_needs_one_folder_for_each_day(tmp_path: Path, layout: str, said: str) -> None:
    assert load(tmp_path, MINIMAL.replace("13 }", '13, ready = "_SUCCESS" }')).data.ready == "_SUCCESS"
    (found,) = problems(tmp_path, MINIMAL.replace("13 }", f'13, layout = "{layout}", ready = "_SUCCESS" }}'))
    assert f'but data.layout "{layout}" {said}; remove ready, or write layout = "' in found
