"""ObjectArrived with another format than CSV: which objects are data."""

from __future__ import annotations

import pytest

from lambdas.object_arrived import _is_data

DAY = "data/train/2026-11-22"


@pytest.mark.parametrize(
    ("settings", "key", "is_data"),
    [
        ({}, f"{DAY}.csv", True),
        ({"FORMAT": "parquet"}, f"{DAY}.csv", False),
        ({"FORMAT": "parquet"}, f"{DAY}.parquet", True),
        ({"FORMAT": "parquet"}, f"{DAY}/part-0.snappy.parquet", True),
        ({"FORMAT": "csv.gz"}, f"{DAY}.csv", False),
        ({"FORMAT": "csv", "CONTENT_TYPE": "application/x-npy"}, f"{DAY}.csv", False),
        ({"FORMAT": "csv", "CONTENT_TYPE": "application/x-npy"}, f"{DAY}/part-0.npy", True),
    ],
)
def test_the_format_decides_the_end_of_names(
    settings: dict[str, str], key: str, is_data: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFIX", "data/train/")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert _is_data({"key": key, "size": 1}) is is_data
