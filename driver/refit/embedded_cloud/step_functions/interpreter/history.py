"""The history of an execution, event by event.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, StatesError
from refit.embedded_cloud.step_functions.interpreter.interruption import Interrupted

MAXIMUM_EVENTS = 25_000
"""https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions"""

NOT_TRUNCATED = {"truncated": False}


class History:
    """Adds events to a record, from all threads of the execution. Nothing follows the event that ends it."""

    def __init__(self, events: list[dict[str, Any]], now: Callable[[], datetime]) -> None:
        self._events = events
        self._now = now
        self._lock = threading.Lock()
        self._closed = False

    def add(self, kind: str, previous: int, details: Mapping[str, Any] | None = None) -> int:
        """Adds an event and returns its id. `details` is `{"<kind>EventDetails": {…}}`.

        Raises Interrupted if the execution has ended, and StatesError if the history has no place but for its last
        event.
        """
        with self._lock:
            if self._closed:
                raise Interrupted
            if len(self._events) >= MAXIMUM_EVENTS - 1:
                raise StatesError(
                    RUNTIME, f"The execution reached the maximum number of history events ({MAXIMUM_EVENTS})."
                )
            return self._append(kind, previous, details)

    def close(self, kind: str, previous: int, details: Mapping[str, Any] | None, then: Callable[[float], None]) -> bool:
        """Adds the event that ends the execution, and calls `then` with its time before anyone can see it.

        False, and nothing is added, if the execution has ended before.
        """
        with self._lock:
            if self._closed:
                return False
            self._closed = True
            self._append(kind, previous, details)
            then(self._events[-1]["timestamp"])
            return True

    def _append(self, kind: str, previous: int, details: Mapping[str, Any] | None) -> int:
        number = len(self._events) + 1
        event = {
            "timestamp": round(self._now().timestamp(), 3),
            "type": kind,
            "id": number,
            "previousEventId": previous,
        }
        self._events.append({**event, **(details or {})})
        return number
