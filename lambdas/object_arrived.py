"""ObjectArrived: plans a run for new data, and postpones its start while more data arrives.

It starts nothing itself. EventBridge invokes it for every object. If it raises, Lambda retries after one minute and
after two more: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html

It is also a state of a run that data has started and that finds another run working: the other run may have listed the
window before the data arrived, so another start is planned until one finds no other run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from os import environ
from typing import Any

from lambdas.arrival import start_schedule
from lambdas.arrival.quiet_period import Debounce, Planned, start_after
from lambdas.aws.handler import state
from refit.domain.data_formats import data_format
from refit.domain.layout import Layout
from refit.domain.object_names import NotData
from refit.domain.outcomes import MOVED, NO_DATA, PLANNED, SEEN, UNMOVED
from refit.domain.run_request import ARRIVAL_SOURCE
from refit.domain.window import instant_text, parse_instant

ATTEMPTS = 3
"""The maximum number of attempts to change the schedule while other invocations also change it."""


class RetryLater(Exception):
    """The schedule cannot be changed at this moment. Lambda retries the invocation."""


@state("ObjectArrived", outcome="outcome")
def handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    """An "Object Created" event from S3 → `{outcome, start}`: NoData, Planned, Moved, Unmoved or Seen.

    `{source: refit.arrival, time}`, from a run that could not start, is like the arrival of data at that time. Raises
    RetryLater. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    arrived = parse_instant(event["time"])
    if event["source"] != ARRIVAL_SOURCE and not _is_data(event["detail"]["object"]):
        return {"outcome": NO_DATA}
    debounce = Debounce(_minutes("QUIET_MINUTES"), _minutes("MAX_WAIT_MINUTES"))
    for _ in range(ATTEMPTS):
        planned, now = start_schedule.planned(), datetime.now(UTC)
        if planned is not None and planned.is_starting(now):
            return _seen(planned, arrived)
        start = start_after(arrived, now, planned, debounce)
        if planned is None and start_schedule.create(start):
            return _result(PLANNED, start)
        if planned is not None and start == planned.start:
            return _result(UNMOVED, start)
        if planned is not None and start_schedule.move(start):
            return _result(MOVED, start)
    raise RetryLater("other invocations changed the schedule at each attempt")


def _is_data(s3_object: Mapping[str, Any]) -> bool:
    """Whether the object can start a run: data or, if days have a marker, the marker of a day, which may be empty."""
    suffix = data_format(environ.get("FORMAT"), environ.get("CONTENT_TYPE")).suffix
    layout = Layout(environ["PREFIX"], environ.get("LAYOUT"), environ.get("READY"), suffix)
    placed = layout.place(s3_object["key"])
    if placed is None:
        return False
    if layout.ready:
        return placed.not_data is NotData.MARKER
    return placed.not_data is None and s3_object["size"] > 0


def _seen(planned: Planned, arrived: datetime) -> dict[str, str]:
    """The run sees objects that arrived before its start. It may miss later ones: raises RetryLater.

    Moving the start at that moment would postpone it again, indefinitely while data keeps arriving.
    """
    if arrived >= planned.start:
        raise RetryLater(f"a run has been starting since {instant_text(planned.start)}")
    return _result(SEEN, planned.start)


def _minutes(variable: str) -> timedelta:
    return timedelta(minutes=int(environ[variable]))


def _result(outcome: str, start: datetime) -> dict[str, str]:
    return {"outcome": outcome, "start": instant_text(start)}
