"""A client that keeps invoking an endpoint while it is updated, to show whether there is downtime."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from refit.aws.inference import invoke
from refit.aws.session import Aws
from refit.errors import RefitError


class Traffic:
    """Invokes the endpoint with one row, repeatedly, during a `with` block. `aws` must not retry, to show failures."""

    def __init__(self, aws: Aws, endpoint: str, row: str, pause_seconds: float = 0.02) -> None:
        self._aws, self._endpoint, self._row, self._pause = aws, endpoint, row, pause_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send, name="traffic", daemon=True)
        self.answers: list[float] = []
        """The distinct predictions, in the order of their first appearance."""
        self.requests = 0
        self.failures: list[str] = []
        self.slowest_seconds = 0.0

    def __enter__(self) -> Traffic:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _send(self) -> None:
        while not self._stop.wait(self._pause):
            started = time.monotonic()
            self.requests += 1
            try:
                score = invoke(self._aws, self._endpoint, [self._row])[0].score
            except RefitError as error:
                self.failures.append(str(error))
                continue
            self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - started)
            if score is not None and score not in self.answers:
                self.answers.append(score)
