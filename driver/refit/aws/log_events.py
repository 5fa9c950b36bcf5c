"""Reads events from CloudWatch log groups within a time range, filtered by CloudWatch where possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from refit.aws.session import Aws, calling
from refit.errors import NotFound


@dataclass(frozen=True)
class Event:
    """One event of a log group; `at` has millisecond precision."""

    at: datetime
    stream: str
    message: str


def events(
    aws: Aws,
    group: str,
    since: datetime,
    until: datetime,
    *,
    phrase: str = "",
    stream_prefix: str = "",
    limit: int,
) -> list[Event]:
    """At most `limit` events from `since` to `until`, oldest first; none if the group does not exist.

    Events must contain `phrase` literally (a quoted term:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html); it must not contain quotes or
    backslashes. The names of the log streams must start with `stream_prefix`. Raises AwsError.
    """
    received = _all(aws, group, since, until, phrase, stream_prefix)
    # The embedded cloud ignores the prefix, so events of other streams are dropped here.
    matching = (event for event in received if event.stream.startswith(stream_prefix))
    try:
        with calling(f"read the log group {group}"):
            return list(islice(matching, limit))
    except NotFound:
        # SageMaker creates its group with the account's first job; the other groups may have been deleted.
        return []


def _all(aws: Aws, group: str, since: datetime, until: datetime, phrase: str, stream_prefix: str) -> Iterator[Event]:
    names = {"logStreamNamePrefix": stream_prefix} if stream_prefix else {}
    pattern = {"filterPattern": f'"{phrase}"'} if phrase else {}
    pages = aws.logs.get_paginator("filter_log_events").paginate(
        logGroupName=group,
        startTime=_milliseconds(since),
        endTime=_milliseconds(until),
        **names,  # type: ignore[arg-type]
        **pattern,  # type: ignore[arg-type]
    )
    for page in pages:
        for event in page["events"]:
            yield Event(
                datetime.fromtimestamp(event["timestamp"] / 1000, UTC), event["logStreamName"], event["message"]
            )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
