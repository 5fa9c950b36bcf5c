"""The data section: the locations that data may have, and when data is stale."""

from __future__ import annotations

from pathlib import Path

import pytest

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
