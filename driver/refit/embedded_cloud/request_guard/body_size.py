"""The size of the largest request that each service accepts. Larger ones are read to their end, but not kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

MIB = 1024**2
DEFAULT = 16 * MIB
"""What no JSON or Query service of AWS exceeds: that of DynamoDB's BatchWriteItem."""
MOST: Mapping[str, int] = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html
    "s3": 5 * 1024 * MIB,
    # "Request must be smaller than 70167211 bytes for the CreateFunction operation"
    "lambda": 70_167_211,
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html; its JSON is larger
    "logs": 8 * MIB,
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html; its JSON may be larger
    "events": 2 * MIB,
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
    "sqs": 2 * MIB,
    "sns": 2 * MIB,
}


class Disconnected(Exception):
    """The client is gone before the request was complete."""


async def read(receive: Callable[[], Awaitable[Any]], most: int) -> bytes | None:
    """The body of a request; None if it has more bytes than `most`. Raises Disconnected."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size <= most:
            parts.append(part)
        else:
            parts.clear()
    return b"".join(parts) if size <= most else None


def most(service: str) -> int:
    """The size of the largest request to a service, in bytes."""
    return MOST.get(service, DEFAULT)
