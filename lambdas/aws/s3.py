"""Lists a window's data in S3, and reads, creates and conditionally overwrites objects.

Conditional writes are S3's lock: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from lambdas.aws import clients
from lambdas.aws.errors import code
from refit.domain.data_bucket import DataBucket
from refit.domain.days import DataObject
from refit.domain.errors import ManifestConflict, Throttled
from refit.domain.layout import Layout
from refit.domain.window import Window

ATTEMPTS = 3
# 412: the condition is not met. 409: a conditional write or a delete of the same key is in progress.
NOT_WRITTEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class Stored(NamedTuple):
    """An object as it was read; `etag` is in the form that If-Match expects."""

    body: bytes
    etag: str


def listed(bucket: DataBucket, layout: Layout, window: Window) -> Iterator[DataObject]:
    """The objects whose keys sort within the window: lists no pages before or after it."""
    pages = clients.s3().get_paginator("list_objects_v2")
    for page in pages.paginate(**bucket.members, Prefix=layout.prefix, StartAfter=layout.start_after(window)):
        for entry in page.get("Contents", []):
            if layout.is_past(entry["Key"], window):
                return
            yield DataObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"])


def first_keys(bucket: DataBucket, prefix: str, start_after: str) -> list[str]:
    """The first keys under `prefix` after `start_after`: one page, at most 1,000."""
    page = clients.s3().list_objects_v2(**bucket.members, Prefix=prefix, StartAfter=start_after)
    return [entry["Key"] for entry in page.get("Contents", ())]


def read(bucket: str, key: str) -> Stored | None:
    """The object, or None for NoSuchKey (which S3 only returns to callers that may list the bucket).

    Retries if the connection breaks while the body is read: the SDK only retries the request.
    """
    broken = 0
    while True:
        try:
            response = clients.s3().get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if code(error) == "NoSuchKey":
                return None
            raise
        try:
            return Stored(response["Body"].read(), response["ETag"])
        except (HTTPClientError, IncompleteReadError):
            broken += 1
            if broken == ATTEMPTS:
                raise


def manifest_keys(bucket: str, uri: str, data: DataBucket) -> list[str] | None:
    """The keys of the objects in `data` that the manifest at `uri`, in `bucket`, lists; None if it does not exist."""
    found = read(bucket, uri.removeprefix(f"s3://{bucket}/"))
    if found is None:
        return None
    head, *names = json.loads(found.body)
    return [f"{head['prefix'].removeprefix(data.uri(''))}{name}" for name in names]


def put_if_absent(bucket: str, key: str, body: bytes) -> bool:
    """Writes the object unless the key exists. Returns whether it did; False also for a conflict."""
    try:
        clients.s3().put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*", ContentType="application/json")
    except ClientError as error:
        if code(error) in NOT_WRITTEN:
            return False
        raise
    return True


def replace(bucket: str, key: str, body: bytes, etag: str) -> bool:
    """Overwrites the object if it still has `etag`. Returns whether it did."""
    try:
        clients.s3().put_object(Bucket=bucket, Key=key, Body=body, IfMatch=etag, ContentType="application/json")
    except ClientError as error:
        # NoSuchKey: the object was deleted after it was read.
        if code(error) in NOT_WRITTEN or code(error) == "NoSuchKey":
            return False
        raise
    return True


def write_once(bucket: str, key: str, body: bytes) -> str:
    """Writes the object, or adopts the identical one that an earlier attempt wrote. Returns its s3:// URI.

    Raises ManifestConflict if the object exists with other contents.
    """
    uri = f"s3://{bucket}/{key}"
    for _ in range(ATTEMPTS):
        if put_if_absent(bucket, key, body):
            return uri
        existing = read(bucket, key)
        if existing is None:
            continue
        if existing.body == body:
            return uri
        raise ManifestConflict(
            f"{uri} exists with other contents: the window's data changed between two attempts of the run"
        )
    raise Throttled(f"{uri} could not be written: S3 reported another write in progress at each attempt")
