"""Objects with any key are the same after the cloud was stopped and started, with their versions and tags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refit.embedded_cloud import lifecycle
from tests.refit.embedded_cloud.saved_state.test_damage import client

PLAIN, VERSIONED = "odd-keys", "refit-terraform-state"
KEYS = [
    "a\nb.csv",
    "a\r\nb",
    "tab\tand \x7f",
    "p" * 300,
    f"{'q' * 250}.csv",
    "/".join(["r" * 255] * 4),
    "é" * 500,
    "x",
    "x/y.csv",
    "x/y.csv/z",
    "x/",
    "folder/",
    "folder//double",
    "/leading",
    "..",
    "../up",
    "./here",
    "a/../b",
    "trailing.",
    "c.meta.json",
    "c",
    "d.tmp",
    "d",
    ".ministack-keys/e",
    ".versions/f",
    "percent%2Fencoded",
    "percent/encoded",
    "G",
    "g",
    "e\u0301",
    "\u00e9",
    "\U0001f3e0",
]


def body(key: str, version: int) -> bytes:
    return f"{version} {key}".encode()


def contents(s3: Any, bucket: str) -> dict[str, bytes]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    assert keys == sorted(keys, key=str.encode)
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


def test_every_key_survives_down_and_up(state_dir: Path) -> None:
    cloud = lifecycle.start(state_dir, 0)
    s3 = client("s3", cloud)
    s3.create_bucket(Bucket=PLAIN, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    for bucket in (PLAIN, VERSIONED):
        for key in KEYS:
            s3.put_object(Bucket=bucket, Key=key, Body=body(key, 1), Tagging="a=b")
        for key in KEYS:
            s3.put_object(Bucket=bucket, Key=key, Body=body(key, 2))
    s3.delete_object(Bucket=VERSIONED, Key="x")
    s3.delete_object(Bucket=PLAIN, Key="x/y.csv")

    lifecycle.stop(state_dir)
    s3 = client("s3", lifecycle.start(state_dir, 0))

    assert contents(s3, PLAIN) == {key: body(key, 2) for key in KEYS if key != "x/y.csv"}
    assert contents(s3, VERSIONED) == {key: body(key, 2) for key in KEYS if key != "x"}
    versions = s3.list_object_versions(Bucket=VERSIONED)
    assert [each["Key"] for each in versions["DeleteMarkers"]] == ["x"]
    older = {
        each["Key"]: s3.get_object(Bucket=VERSIONED, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
        for each in reversed(versions["Versions"])
        if each["Key"] == "x" or not each["IsLatest"]
    }
    assert older == {key: body(key, 2 if key == "x" else 1) for key in KEYS}
