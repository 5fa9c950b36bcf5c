"""The bucket that has a pipeline's data: the stack's own, or an existing one (`data.bucket`). Pure.

Refit only reads an existing bucket. Manifests, run files and models are always in the stack's own bucket.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, NotRequired, TypedDict


class BucketMembers(TypedDict):
    """The members of a request to S3 that name the bucket."""

    Bucket: str
    ExpectedBucketOwner: NotRequired[str]


class DataBucket(NamedTuple):
    """A bucket's name, and the ID of the account that must own it; None if any account may."""

    name: str
    owner: str | None = None

    @property
    def members(self) -> BucketMembers:
        """The members of a request. S3 denies a request if another account owns the bucket.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
        """
        return {"Bucket": self.name, "ExpectedBucketOwner": self.owner} if self.owner else {"Bucket": self.name}

    def uri(self, key: str) -> str:
        """The s3:// URI of a key."""
        return f"s3://{self.name}/{key}"


def of_settings(settings: Mapping[str, Any]) -> DataBucket:
    """The bucket by the settings of CheckData. A definition of an earlier version has only its own bucket."""
    return DataBucket(settings.get("data_bucket") or settings["bucket"], settings.get("data_bucket_owner"))


def of_run(run: Mapping[str, Any]) -> DataBucket:
    """The bucket whose objects the run trains on. A run document of an earlier version has only its own bucket."""
    return DataBucket(run.get("data_bucket") or run["bucket"], run.get("data_bucket_owner"))
