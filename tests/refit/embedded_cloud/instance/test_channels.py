"""Where the objects of a channel lie below the channel's folder."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from refit.embedded_cloud.instance import channels
from refit.embedded_cloud.instance.algorithm import CustomerError

MANIFEST = "manifests/day.json"


class Bucket:
    """An S3 client in memory: one bucket, its objects by key."""

    def __init__(self, *keys: str) -> None:
        self.objects = dict.fromkeys(keys, b"1,2\n")

    def get_paginator(self, _: str) -> Bucket:
        return self

    def paginate(self, Bucket: str, Prefix: str) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": key} for key in sorted(self.objects) if key.startswith(Prefix)]}]

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.objects[Key]), "ContentLength": len(self.objects[Key])}


def download(bucket: Bucket, folder: Path, kind: str, uri: str, **changes: str) -> list[str]:
    """The paths of the files below the channel's folder, in the order of the sources."""
    config = {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri}}, **changes}
    sources = channels.download(bucket, config, folder).sources
    assert all(source.path.read_bytes() == b"1,2\n" for source in sources)
    return [source.path.relative_to(folder).as_posix() for source in sources]


def test_objects_of_a_manifest_keep_their_whole_key(tmp_path: Path) -> None:
    bucket = Bucket("data/homes/2026-11-01.csv", "data/homes/2026-11-02/part.csv")
    manifest = [{"prefix": "s3://homes/data/homes/"}, "2026-11-02/part.csv", "2026-11-01.csv", "2026-11-01.csv"]
    bucket.objects[MANIFEST] = json.dumps(manifest).encode()
    assert download(bucket, tmp_path, "ManifestFile", f"s3://homes/{MANIFEST}") == [
        "data/homes/2026-11-02/part.csv",
        "data/homes/2026-11-01.csv",
    ]
    assert not list(tmp_path.glob("*.csv"))


def test_a_manifest_that_is_nested_too_deep_is_rejected(tmp_path: Path) -> None:
    bucket = Bucket()
    bucket.objects[MANIFEST] = b"[" * 100_000
    with pytest.raises(CustomerError, match="is not a manifest"):
        download(bucket, tmp_path, "ManifestFile", f"s3://homes/{MANIFEST}")


def test_two_objects_of_a_prefix_cannot_have_one_name(tmp_path: Path) -> None:
    with pytest.raises(CustomerError, match=r"s3://homes/a/b/b\.csv: another object or folder has this name"):
        download(Bucket("a/b.csv", "a/b/b.csv"), tmp_path, "S3Prefix", "s3://homes/a/b")


def test_a_manifest_is_read_up_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    bucket.objects[MANIFEST] = b"[" * 1001
    monkeypatch.setattr(channels, "MAX_READ_BYTES", 1000)
    with pytest.raises(CustomerError, match=f"s3://homes/{MANIFEST} has 1,001 bytes, more than 1,000"):
        download(bucket, tmp_path, "ManifestFile", f"s3://homes/{MANIFEST}")


def test_a_name_may_have_a_line_feed(tmp_path: Path) -> None:
    assert download(Bucket("data/a\nb.csv"), tmp_path, "S3Prefix", "s3://homes/data/") == ["a\nb.csv"]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("s3://homes/data/train/", ["1.csv", "old/2.csv"]),
        ("s3://homes/data/train", ["1.csv", "old/2.csv", "train.csv"]),
        ("s3://homes/data/train.csv", ["train.csv"]),
        ("s3://homes/data/tra", ["train/1.csv", "train/old/2.csv", "train.csv"]),
        ("s3://homes", ["data/train/1.csv", "data/train/old/2.csv", "data/train.csv"]),
    ],
)
def test_objects_of_a_prefix_start_below_its_folder(tmp_path: Path, uri: str, expected: list[str]) -> None:
    bucket = Bucket("data/train.csv", "data/train/", "data/train/1.csv", "data/train/old/2.csv")
    assert sorted(download(bucket, tmp_path, "S3Prefix", uri)) == sorted(expected)


def test_compressed_objects_are_read_in_pipe_mode(tmp_path: Path) -> None:
    bucket = Bucket()
    # Two members, as of two files that were concatenated.
    bucket.objects["a.csv.gz"] = gzip.compress(b"1,") + gzip.compress(b"2\n")
    assert download(bucket, tmp_path, "S3Prefix", "s3://homes/a.csv.gz", CompressionType="Gzip", InputMode="Pipe") == [
        "a.csv.gz"
    ]


@pytest.mark.parametrize(
    ("content", "changes", "expected"),
    [
        (
            b"1,2\n",
            {"CompressionType": "Gzip"},
            "CompressionType is used only in Pipe input mode; in File mode",
        ),
        (b"1,2\n", {"CompressionType": "Gzip", "InputMode": "Pipe"}, "s3://homes/a.csv is not compressed with gzip"),
        (
            gzip.compress(b"1,2\n", mtime=0)[:-9],
            {"CompressionType": "Gzip", "InputMode": "Pipe"},
            "not compressed with gzip",
        ),
        (b"1,2\n", {"RecordWrapperType": "RecordIO"}, "RecordWrapperType works only on AWS"),
    ],
)
def test_formats_that_no_instance_reads_are_rejected(
    tmp_path: Path, content: bytes, changes: dict[str, str], expected: str
) -> None:
    bucket = Bucket()
    bucket.objects["a.csv"] = content
    with pytest.raises(CustomerError, match=expected):
        download(bucket, tmp_path, "S3Prefix", "s3://homes/a.csv", **changes)
