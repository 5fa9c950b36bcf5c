"""The S3 objects of a run: lists a window's data, reads an object, writes one once or by compare-and-set.

Conditional writes are S3's own lock: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError

from lambdas.aws import clients
from lambdas.aws.errors import code
from refit.domain.days import DataObject, is_past, start_after
from refit.domain.errors import ManifestConflict, Throttled
from refit.domain.window import Window

ATTEMPTS = 3
# 412: the condition does not hold. 409: another conditional write of the same key is under way, or a delete was.
REFUSED = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class Stored(NamedTuple):
    """An object as it was read; `etag` as If-Match takes it."""

    body: bytes
    etag: str


def listed(bucket: str, prefix: str, window: Window) -> Iterator[DataObject]:
    """The objects under `prefix` that sort within the window: reads no page before it and none after its end."""
    pages = clients.s3().get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=bucket, Prefix=prefix, StartAfter=start_after(prefix, window)):
        for entry in page.get("Contents", []):
            if is_past(entry["Key"], prefix, window):
                return
            yield DataObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"])


def read(bucket: str, key: str) -> Stored | None:
    """The object, or None when S3 says NoSuchKey (which it says only to who may list the bucket).

    The body is read together with its get: the SDK retries the request, but not a body that breaks off.
    """
    broken = 0
    while True:
        try:
            answer = clients.s3().get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if code(error) == "NoSuchKey":
                return None
            raise
        try:
            return Stored(answer["Body"].read(), answer["ETag"])
        except (HTTPClientError, IncompleteReadError):
            broken += 1
            if broken == ATTEMPTS:
                raise


def put_if_absent(bucket: str, key: str, body: bytes) -> bool:
    """Writes the object unless the key exists; whether it did. False too for a write that S3 calls a conflict."""
    try:
        clients.s3().put_object(Bucket=bucket, Key=key, Body=body, IfNoneMatch="*", ContentType="application/json")
    except ClientError as error:
        if code(error) in REFUSED:
            return False
        raise
    return True


def replace(bucket: str, key: str, body: bytes, etag: str) -> bool:
    """Overwrites the object if it still has `etag`; whether it did."""
    try:
        clients.s3().put_object(Bucket=bucket, Key=key, Body=body, IfMatch=etag, ContentType="application/json")
    except ClientError as error:
        # NoSuchKey: the object was deleted since it was read.
        if code(error) in REFUSED or code(error) == "NoSuchKey":
            return False
        raise
    return True


def write_once(bucket: str, key: str, body: bytes) -> str:
    """Writes the object, or adopts the identical one that an earlier attempt wrote; its s3:// URI.

    Raises ManifestConflict when the key holds something else.
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
            f"{uri} lists other objects: data of this window changed between two attempts of the run"
        )
    raise Throttled(f"{uri} could not be written: S3 kept answering that another write was under way")
