"""Computes when a run for new data starts: once no more data arrives, or after the longest wait. Pure.

All times are in whole minutes, as in a schedule:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
STARTING = 2 * MINUTE
"""The time for which a due schedule is not changed: it fires within its minute, and is then deleted."""


class Debounce(NamedTuple):
    """The quiet period before a run starts, and the longest wait for it."""

    quiet: timedelta
    longest: timedelta


class Planned(NamedTuple):
    """The start in the schedule, in whole minutes, and when it was first planned."""

    start: datetime
    since: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether the start is due: the run may have started, or is about to."""
        return self.start <= now

    def is_starting(self, now: datetime) -> bool:
        """Whether the schedule must not be changed, because it has only just become due."""
        return self.start <= now < self.start + STARTING


def start_after(arrived: datetime, now: datetime, planned: Planned | None, debounce: Debounce) -> datetime:
    """The minute at which the run starts, for data that `arrived`.

    A planned start in the future is never moved to an earlier minute, nor beyond the longest wait since it was first
    planned. A new one is at least a minute away, because EventBridge Scheduler rejects times in the past.
    """
    quiet = _whole(arrived) + debounce.quiet
    if planned is None or planned.is_due(now):
        return max(quiet, _whole(now) + MINUTE)
    return max(planned.start, min(quiet, _whole(planned.since) + debounce.longest))


def _whole(moment: datetime) -> datetime:
    """The moment, rounded up to a whole minute."""
    minute = moment.replace(second=0, microsecond=0)
    return minute if minute == moment else minute + MINUTE
