"""TimeoutSeconds and HeartbeatSeconds of one attempt of a task.

https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from datetime import datetime, timedelta


class TimeLimit:
    """How long an attempt that began at `began` may take, and be without a heartbeat, in seconds; None: for ever."""

    def __init__(self, began: datetime, timeout: int | None, heartbeat: int | None) -> None:
        self._heartbeat = heartbeat
        self._end = None if timeout is None else began + timedelta(seconds=timeout)
        self._next_beat: datetime | None = None
        self.beat(began)

    def beat(self, now: datetime) -> None:
        """A heartbeat arrived."""
        if self._heartbeat is not None:
            self._next_beat = now + timedelta(seconds=self._heartbeat)

    def reached(self) -> datetime | None:
        """When the attempt ends, unless a heartbeat moves it."""
        return min((time for time in (self._end, self._next_beat) if time is not None), default=None)

    @property
    def missed_heartbeat(self) -> bool:
        """Whether the next limit is that of the heartbeat."""
        return self._next_beat is not None and (self._end is None or self._next_beat < self._end)
