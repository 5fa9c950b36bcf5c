"""Reads log groups: the events of a span of time, filtered by CloudWatch itself where it can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from refit.aws.session import Aws, calling
from refit.errors import NotFound


@dataclass(frozen=True)
class Event:
    """One event of a log group; `at` is to the millisecond."""

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
    """At most `limit` events from `since` to `until`, the oldest first; none when there is no such group.

    `phrase` must stand in the event, letter by letter (a quoted term:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html), so it must hold neither
    quotes nor backslashes. `stream_prefix` is that of the log streams' names. Raises AwsError.
    """
    found = (event for event in _all(aws, group, since, until, phrase, stream_prefix) if _wanted(event, stream_prefix))
    try:
        with calling(f"read the log group {group}"):
            return list(islice(found, limit))
    except NotFound:
        # SageMaker makes its group with the first job of the account, and retention may have emptied the others.
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


def _wanted(event: Event, stream_prefix: str) -> bool:
    """The embedded cloud does not look at a prefix: what it sends too much is left out here."""
    return event.stream.startswith(stream_prefix)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
