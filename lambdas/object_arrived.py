"""ObjectArrived: an object has landed; if it is data, a run starts when no more comes.

Plans that start and puts it off; it starts nothing itself, and is no state of a run. Whenever it raises, Lambda asks
again, after one minute and after two more:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from os import environ
from typing import Any

from lambdas.arrival import start_schedule
from lambdas.arrival.quiet_period import Debounce, Planned, start_after
from lambdas.aws.handler import state
from refit.domain.days import day_of
from refit.domain.outcomes import MOVED, NO_DATA, PLANNED, SEEN, UNMOVED
from refit.domain.window import instant_text, parse_instant

LOOKS = 3
"""How often the plan is looked at when others keep changing it."""


class NotNow(Exception):
    """Nothing can be said of the plan at this moment: to be asked again."""


@state("ObjectArrived", outcome="outcome")
def handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    """An event "Object Created" of S3 → `{outcome, start}`: NoData, Planned, Moved, Unmoved or Seen.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    landed, arrived = event["detail"]["object"], parse_instant(event["time"])
    if day_of(landed["key"], environ["PREFIX"]) is None or not landed["size"]:
        return {"outcome": NO_DATA}
    patience = Debounce(_minutes("QUIET_MINUTES"), _minutes("MAX_WAIT_MINUTES"))
    for _ in range(LOOKS):
        planned, now = start_schedule.planned(), datetime.now(UTC)
        if planned is not None and planned.is_starting(now):
            return _seen(planned, arrived)
        start = start_after(arrived, now, planned, patience)
        if planned is None and start_schedule.make(start):
            return _answer(PLANNED, start)
        if planned is not None and start == planned.start:
            return _answer(UNMOVED, start)
        if planned is not None and start_schedule.move(start):
            return _answer(MOVED, start)
    raise NotNow("others kept changing the plan")


def _seen(planned: Planned, arrived: datetime) -> dict[str, str]:
    """What came before the run's start, the run sees. What comes during it, it may not see: raises NotNow.

    Moving the start at that moment would put it off once more, and for ever while data keeps coming.
    """
    if arrived >= planned.start:
        raise NotNow(f"a run is being started since {instant_text(planned.start)}")
    return _answer(SEEN, planned.start)


def _minutes(variable: str) -> timedelta:
    return timedelta(minutes=int(environ[variable]))


def _answer(outcome: str, start: datetime) -> dict[str, str]:
    return {"outcome": outcome, "start": instant_text(start)}
