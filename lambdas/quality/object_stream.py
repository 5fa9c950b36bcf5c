"""Streams an object from S3: exactly the version that was listed, and on over a connection that breaks.

pyarrow reads it. Nothing holds the whole object, so the memory of CheckQuality does not depend on the size of the data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.errors import NETWORK, code
from refit.domain.data_bucket import DataBucket
from refit.domain.days import DataObject
from refit.domain.errors import DataChanged, WindowTooLarge

ATTEMPTS = 3
# 412: the object has another ETag. InvalidRange: it is shorter than it was.
CHANGED = frozenset({"PreconditionFailed", "NoSuchKey", "InvalidRange", "404"})
RESERVED_SECONDS = 30
"""The time that must remain after the last read: to judge what was read, and to store the result."""


class ObjectStream:
    """The bytes of `item` in `bucket`, to be read once; `remaining_seconds` are those of the invocation.

    `read` raises DataChanged if the object was deleted or replaced, WindowTooLarge if the time does not suffice, and
    the SDK's errors. A connection that breaks is opened again where it broke, at most ATTEMPTS times in all.
    """

    def __init__(self, bucket: DataBucket, item: DataObject, remaining_seconds: Callable[[], float]) -> None:
        self._bucket, self._item, self._remaining = bucket, item, remaining_seconds
        self._at, self._opened = 0, 0
        self._body: Any = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        if self._remaining() < RESERVED_SECONDS:
            raise WindowTooLarge(
                f"the time of CheckQuality does not suffice for the data of the window: it was reading {self._item.key}"
            )
        while self._at < self._item.size:
            try:
                if self._body is None:
                    self._body = self._open()
                found: bytes = self._body.read(None if size < 0 else size)
            except NETWORK:
                self._body = None
                if self._opened >= ATTEMPTS:
                    raise
                continue
            self._at += len(found)
            return found
        return b""

    def _open(self) -> Any:
        """The object from where it was read to. The ETag makes sure that no bytes of two versions are mixed."""
        self._opened += 1
        span = f"bytes={self._at}-{self._item.size - 1}"
        try:
            return clients.s3().get_object(
                **self._bucket.members, Key=self._item.key, Range=span, IfMatch=f'"{self._item.etag}"'
            )["Body"]
        except ClientError as error:
            if code(error) in CHANGED:
                raise DataChanged(
                    f"{self._bucket.uri(self._item.key)} was deleted or replaced during the check: start another run"
                ) from error
            raise
