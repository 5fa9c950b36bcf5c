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
