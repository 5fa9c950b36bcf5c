"""Writes a job's log to CloudWatch Logs, with the job's own role."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

FLUSH_SECONDS = 1.0
# AWS's limits are 10,000 events and 1 MB (plus 26 bytes an event) for a call, and 256 KB for an event:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
EVENTS = 1000
LINE_LENGTH = 1000


class JobLog:
    """Buffers lines, and sends them at most once a second and on `flush`. Thread-safe.

    If the role may not write logs, the lines are lost but the job continues, as on AWS.
    """

    def __init__(self, logs: Any, group: str, stream: str) -> None:
        self._logs = logs
        self._group = group
        self._stream = stream
        self._lines: list[dict[str, Any]] = []
        self._exists = False
        self._lock = threading.Lock()
        self._flushed = time.monotonic()

    def line(self, message: str) -> None:
        """Adds a line; one longer than LINE_LENGTH is split."""
        parts = [message[start : start + LINE_LENGTH] for start in range(0, len(message), LINE_LENGTH)]
        with self._lock:
            # CloudWatch Logs rejects an empty message.
            self._lines += ({"timestamp": int(time.time() * 1000), "message": part} for part in parts or [" "])
            due = time.monotonic() - self._flushed > FLUSH_SECONDS
        if due:
            self.flush()

    def flush(self) -> None:
        """Sends the buffered lines."""
        with self._lock:
            lines, self._lines = self._lines, []
            self._flushed = time.monotonic()
            with contextlib.suppress(ClientError, BotoCoreError):
                for start in range(0, len(lines), EVENTS):
                    self._send(lines[start : start + EVENTS])

    def _send(self, lines: list[dict[str, Any]]) -> None:
        if not self._exists:
            self._create()
        self._logs.put_log_events(logGroupName=self._group, logStreamName=self._stream, logEvents=lines)

    def _create(self) -> None:
        for create, names in (
            (self._logs.create_log_group, {"logGroupName": self._group}),
            (self._logs.create_log_stream, {"logGroupName": self._group, "logStreamName": self._stream}),
        ):
            with contextlib.suppress(self._logs.exceptions.ResourceAlreadyExistsException):
                create(**names)
        self._exists = True
