"""S3: of two conditional writes of one object at the same time, the second is rejected with 409, and must be repeated.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack import app

Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Awaitable[Reply]]

SECONDS = 0.1
"""How long after its response a write still counts as one at the same time."""
CONDITIONS = ("if-none-match", "if-match")


class Writes:
    """The conditional writes in progress, or just done. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(self, path: str) -> bool:
        """Whether a write of this object may begin. One that may not ends the conflict: its repetition begins."""
        with self._lock:
            conflict = self._until.pop(path, 0.0) > self._clock()
            if not conflict:
                self._until[path] = float("inf")
            return not conflict

    def end(self, path: str, *, written: bool) -> None:
        """Ends a write that began; one that wrote nothing conflicts with no other."""
        with self._lock:
            if path in self._until:
                self._until[path] = self._clock() + (SECONDS if written else 0.0)


def conflicting(handle: Handler, writes: Writes) -> Handler:
    """S3's handler, which rejects a conditional write during another of the same object."""

    async def handling(
        method: str, path: str, headers: Mapping[str, str], body: Any, query: Mapping[str, Any], *rest: Any, **more: Any
    ) -> Reply:
        if method != "PUT" or not any(name in headers for name in CONDITIONS):
            return await handle(method, path, headers, body, query, *rest, **more)
        if not writes.begin(path):
            return _conflict(path)
        status = 500
        try:
            reply = await handle(method, path, headers, body, query, *rest, **more)
            status = reply[0]
            return reply
        finally:
            writes.end(path, written=status == 200)

    return handling


def _conflict(path: str) -> Reply:
    message = "The conditional request cannot succeed due to a conflicting operation against this resource."
    error = f"<Error><Code>ConditionalRequestConflict</Code><Message>{message}</Message><Key>{path}</Key></Error>"
    return 409, {"Content-Type": "application/xml"}, error.encode()


def install() -> None:
    """Wraps S3's handler."""
    app.SERVICE_HANDLERS["s3"] = conflicting(app.SERVICE_HANDLERS["s3"], Writes())
