"""S3 names the version of objects that are older than the bucket's versioning.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
"""

from __future__ import annotations

from typing import Any


def test_an_object_from_before_versioning_has_the_version_null(client: Any, cloud: Any) -> None:
    s3, bucket = client("s3"), "older-objects"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    s3.put_object(Bucket=bucket, Key="old", Body=b"1")
    assert "VersionId" not in s3.head_object(Bucket=bucket, Key="old")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert s3.head_object(Bucket=bucket, Key="old")["VersionId"] == "null"
    assert s3.get_object(Bucket=bucket, Key="old")["VersionId"] == "null"
    new = s3.put_object(Bucket=bucket, Key="new", Body=b"2")["VersionId"]
    assert s3.head_object(Bucket=bucket, Key="new")["VersionId"] == new != "null"
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert s3.head_object(Bucket=bucket, Key="old")["VersionId"] == "null"
    s3.delete_object(Bucket=bucket, Key="old", VersionId="null")
    assert [each["Key"] for each in s3.list_object_versions(Bucket=bucket)["Versions"]] == ["new"]
