"""A training job's lines in CloudWatch Logs, written as the job's own role."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

GROUP = "/aws/sagemaker/TrainingJobs"
FLUSH_SECONDS = 1.0
# Of 10,000 events, 1 MB and 26 bytes for each in a call, and 256 KB in an event:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
EVENTS = 1000
LINE_LENGTH = 1000


class JobLog:
    """Collects lines and sends them on `flush`, and as they come once a second. Several threads may write.

    A role that may not write logs loses them, as on AWS: never the job.
    """

    def __init__(self, logs: Any, stream: str) -> None:
        self._logs = logs
        self._stream = stream
        self._lines: list[dict[str, Any]] = []
        self._exists = False
        self._lock = threading.Lock()
        self._flushed = time.monotonic()

    def line(self, message: str) -> None:
        """Adds a line; what is longer than LINE_LENGTH goes on in the next."""
        parts = [message[start : start + LINE_LENGTH] for start in range(0, len(message), LINE_LENGTH)]
        with self._lock:
            # CloudWatch Logs refuses an empty message.
            self._lines += ({"timestamp": int(time.time() * 1000), "message": part} for part in parts or [" "])
            due = time.monotonic() - self._flushed > FLUSH_SECONDS
        if due:
            self.flush()

    def flush(self) -> None:
        with self._lock:
            lines, self._lines = self._lines, []
            self._flushed = time.monotonic()
            with contextlib.suppress(ClientError, BotoCoreError):
                for start in range(0, len(lines), EVENTS):
                    self._send(lines[start : start + EVENTS])

    def _send(self, lines: list[dict[str, Any]]) -> None:
        if not self._exists:
            self._create()
        self._logs.put_log_events(logGroupName=GROUP, logStreamName=self._stream, logEvents=lines)

    def _create(self) -> None:
        for create, names in (
            (self._logs.create_log_group, {"logGroupName": GROUP}),
            (self._logs.create_log_stream, {"logGroupName": GROUP, "logStreamName": self._stream}),
        ):
            with contextlib.suppress(self._logs.exceptions.ResourceAlreadyExistsException):
                create(**names)
        self._exists = True
