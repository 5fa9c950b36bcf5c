"""When the run that new data asks for is to start: once no more data comes, or when it has kept coming for long. Pure.

Everything is in whole minutes, as a schedule is:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
STARTING = 2 * MINUTE
"""How long a schedule is left alone once its minute has come: it fires within the minute, and then is deleted."""


class Debounce(NamedTuple):
    """For how long no data may have come, and for how long it is waited for that at most."""

    quiet: timedelta
    longest: timedelta


class Planned(NamedTuple):
    """A start that stands in the schedule, on a whole minute, and when it was first planned."""

    start: datetime
    since: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether its minute has come: it may have started the run, or be about to."""
        return self.start <= now

    def is_starting(self, now: datetime) -> bool:
        """Whether the schedule is to be left alone, because its minute has only just come."""
        return self.start <= now < self.start + STARTING


def start_after(arrived: datetime, now: datetime, planned: Planned | None, patience: Debounce) -> datetime:
    """The minute at which the run starts, now that data has `arrived`.

    A planned start that is still to come is never moved back, nor beyond the longest wait since it was first planned.
    A new one is a minute away at least, because the Scheduler refuses what is past.
    """
    quiet = _whole(arrived) + patience.quiet
    if planned is None or planned.is_due(now):
        return max(quiet, _whole(now) + MINUTE)
    return max(planned.start, min(quiet, _whole(planned.since) + patience.longest))


def _whole(moment: datetime) -> datetime:
    """The end of the moment's minute; a whole minute is its own end."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + MINUTE
