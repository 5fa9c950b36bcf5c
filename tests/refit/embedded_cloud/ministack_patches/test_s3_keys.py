"""S3 rejects keys of more than 1,024 bytes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
"""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def bucket(client: Any, cloud: Any) -> str:
    configuration = {"LocationConstraint": cloud.region}
    client("s3").create_bucket(Bucket="long-keys", CreateBucketConfiguration=configuration)
    return "long-keys"


@pytest.mark.parametrize("letter", ["k", "ä"])
def test_a_key_has_at_most_1024_bytes(client: Any, refused: Any, bucket: str, letter: str) -> None:
    key = letter * (1024 // len(letter.encode()))
    client("s3").put_object(Bucket=bucket, Key=key, Body=b"1")
    assert client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == b"1"
    refusal = ("KeyTooLongError", "Your key is too long")
    assert refused(client("s3").put_object, Bucket=bucket, Key=f"{key}k", Body=b"1") == refusal
    assert refused(client("s3").get_object, Bucket=bucket, Key=f"{key}k") == refusal


def test_odd_keys_are_listed_and_read_as_they_were_written(client: Any, bucket: str) -> None:
    """Line feeds, an object with the name of a folder, and parts that are longer than a file's name may be."""
    s3 = client("s3")
    keys = ["odd/a\nb.csv", "odd/\r\t\x01.csv", "odd/x", "odd/x/y.csv", f"odd/{'n' * 300}.csv", "odd//..//z.csv"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="odd/", PaginationConfig={"PageSize": 2})
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == sorted(keys)
    assert [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys] == [key.encode() for key in keys]
