"""The formats of data: content types, the ends of names, and compression."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refit.domain.algorithms import BUILT_IN
from refit.domain.data_formats import FORMATS, READS, data_format, formats_read
from refit.domain.layout import Layout

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "content_type", "key"),
    [
        ("csv", "text/csv", "d/2026-11-22.csv"),
        ("csv.gz", "text/csv", "d/2026-11-22.csv.gz"),
        ("parquet", "application/x-parquet", "d/2026-11-22.parquet"),
        ("jsonlines", "application/jsonlines", "d/2026-11-22.jsonl"),
        ("recordio", "application/x-recordio-protobuf", "d/2026-11-22.recordio"),
    ],
)
def test_a_format_has_a_content_type_and_names(name: str, content_type: str, key: str) -> None:
    found = data_format(name)
    layout = Layout("d/", suffix=found.suffix)
    assert (found.content_type, layout.key(DAY), layout.day_of(key)) == (content_type, key, DAY)
    assert layout.day_of("d/2026-11-22/any-name") == DAY
    others = [one.suffix for one in FORMATS.values() if one.suffix != found.suffix]
    assert [layout.day_of(f"d/2026-11-22{suffix}") for suffix in others] == [None] * len(others)


def test_a_format_without_a_name_has_only_the_folder_of_a_day() -> None:
    found = data_format(content_type="application/x-npy")
    layout = Layout("d/", suffix=found.suffix)
    assert (layout.key(DAY), str(layout)) == ("d/2026-11-22/upload", "d/YYYY-MM-DD/")
    assert layout.day_of("d/2026-11-22.npy") is None


def test_settings_of_a_definition_without_a_format_mean_csv() -> None:
    assert data_format(None, None) == FORMATS["csv"]


def test_only_a_stream_is_decompressed() -> None:
    assert [FORMATS["csv.gz"].compression_type(mode) for mode in ("File", "FastFile", "Pipe")] == [None, None, "Gzip"]
    assert FORMATS["csv"].compression_type("Pipe") is None


def test_the_algorithms_read_the_documented_formats() -> None:
    assert {name: formats_read(name) for name in READS} == {
        "linear-learner": ("csv", "csv.gz", "recordio"),
        "xgboost": ("csv", "csv.gz", "parquet", "recordio"),
    }


def test_the_page_about_data_has_the_formats_and_what_the_algorithms_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "data.md").read_text()
    for name, one in FORMATS.items():
        default = " (default)" if name == "csv" else ""
        assert f"| `{name}`{default} | `YYYY-MM-DD{one.suffix}` | `{one.content_type}` |" in page
    for name in READS:
        names = ", ".join(f"`{one}`" for one in formats_read(name))
        assert f"| {BUILT_IN[name].title} | {names}" in page
