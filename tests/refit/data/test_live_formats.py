"""`refit validate --live` names data of another format than the pipeline's, and how to have it read."""

from __future__ import annotations

import gzip

import pytest

from refit.data.live_check import Verdict
from tests.refit.data.test_live_check import GOOD, WINDOW, Feed, codes, feed

__all__ = ["feed"]  # a fixture
OWN = 'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1" }'


def of_format(feed: Feed, name: str, field: str, suffix: str, body: bytes) -> Verdict:
    """The verdict on a pipeline with this field in data, and four days of objects."""
    feed.pipeline(name, WINDOW, OWN)
    path = feed.checkout.root / "terraform" / "pipelines" / "local" / f"{name}.tfvars"
    path.write_text(path.read_text().replace("feature_dim = 2", f"feature_dim = 2, {field}"))
    for day in range(19, 23):
        feed.put(name, f"2026-11-{day}{suffix}", body)
    return feed.verdict(name)


@pytest.mark.parametrize(
    ("name", "field", "suffix", "body"),
    [
        ("good-gz", 'format = "csv.gz"', ".csv.gz", gzip.compress(GOOD, mtime=0)),
        ("good-parquet", 'format = "parquet"', "/part-0.snappy.parquet", b"PAR1\x15\x04"),
        ("good-lines", 'format = "jsonlines"', ".jsonl", b'{"y": 1}\n'),
        ("good-npy", 'content_type = "application/x-npy"', "/rows.npy", b"\x93NUMPY"),
    ],
)
def test_data_of_the_format_passes(feed: Feed, name: str, field: str, suffix: str, body: bytes) -> None:
    assert of_format(feed, name, field, suffix, body).findings == ()


def test_objects_of_another_format_in_the_days_folder_are_malformed(feed: Feed) -> None:
    found = of_format(feed, "mixed-up", 'format = "parquet"', "/part-0.csv.gz", gzip.compress(GOOD))
    assert codes(found) == ["data-malformed"] * 4
    said = found.findings[0].problem
    assert said.message.endswith("part-0.csv.gz: it is not Parquet, but is compressed with gzip")
    assert said.hint == "replace the object, or write the data's format in data.format"


@pytest.mark.parametrize(
    ("name", "field", "suffix", "hint"),
    [
        ("needs-parquet", 'format = "csv"', ".parquet", 'write format = "parquet"'),
        ("needs-gz", 'format = "csv"', ".csv.gz", 'write format = "csv.gz"'),
        ("needs-csv", 'format = "parquet"', ".csv", 'write format = "csv"'),
    ],
)
def test_the_format_that_fits_is_named(feed: Feed, name: str, field: str, suffix: str, hint: str) -> None:
    found = of_format(feed, name, field, suffix, b"1")
    assert codes(found) == ["data-missing", "data-ignored"]
    assert found.findings[1].problem.hint.startswith(f"{hint}, or name the data data/{name}/YYYY-MM-DD.")
