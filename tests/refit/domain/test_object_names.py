"""Which objects in a day's folder are data."""

from __future__ import annotations

import pytest

from refit.domain.object_names import NotData, not_data


@pytest.mark.parametrize(
    "name",
    [
        "part-0.csv",
        "part-0",
        "eu/de/part-0.csv",
        "_region=eu/part-0.csv",
        "a_b.csv",
        "part-0.csv.gz",
        "manifest.csv",
        "manifest/part-0.csv",
        "cargo-manifest.csv",
        "metadata",
        "crc",
        "line\nfeed.csv",
        " ",
    ],
)
def test_other_names_are_data(name: str) -> None:
    assert not_data(name) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", NotData.FOLDER),
        ("eu/", NotData.FOLDER),
        ("_SUCCESS", NotData.HIDDEN),
        ("_committed_4821", NotData.HIDDEN),
        ("_started_4821", NotData.HIDDEN),
        ("_temporary/0/_temporary/attempt_1/part-0.csv", NotData.HIDDEN),
        ("eu/_temporary/part-0.csv", NotData.HIDDEN),
        ("eu/.hoodie/part-0.csv", NotData.HIDDEN),
        (".part-0.csv.crc", NotData.HIDDEN),
        ("../part-0.csv", NotData.HIDDEN),
        ("_region=eu.csv", NotData.HIDDEN),
        ("part-0.csv._COPYING_", NotData.UNFINISHED),
        ("manifest", NotData.SIDECAR),
        ("eu/sales_manifest", NotData.SIDECAR),
        ("manifest.json", NotData.SIDECAR),
        ("part-0.csv.metadata", NotData.SIDECAR),
        ("4c1b1f2e-0000-4000-8000-00000000000a-manifest.csv", NotData.SIDECAR),
        ("part-0.csv.sha256", NotData.SIDECAR),
        ("line\nfeed.csv.metadata", NotData.SIDECAR),
    ],
)
def test_what_jobs_leave_next_to_data_is_not_data(name: str, why: NotData) -> None:
    assert not_data(name) is why
