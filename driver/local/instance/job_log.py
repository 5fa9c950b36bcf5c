"""A training job's lines in CloudWatch Logs, written as the job's own role."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

GROUP = "/aws/sagemaker/TrainingJobs"


class JobLog:
    """Collects lines and sends them on `flush`. A role that may not write logs loses them, as on AWS: never the job."""

    def __init__(self, logs: Any, stream: str) -> None:
        self._logs = logs
        self._stream = stream
        self._lines: list[dict[str, Any]] = []
        self._exists = False

    def line(self, message: str) -> None:
        # CloudWatch Logs refuses an empty message.
        self._lines.append({"timestamp": int(time.time() * 1000), "message": message or " "})

    def flush(self) -> None:
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        with contextlib.suppress(ClientError, BotoCoreError):
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
