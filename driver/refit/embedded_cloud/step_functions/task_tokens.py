"""The tasks that wait for a callback, by their task token.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import base64
import binascii
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from refit.embedded_cloud.step_functions.errors import invalid_token, task_timed_out
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.task import Task

POLL_SECONDS = 0.1


@dataclass
class Callback:
    """What a task waits for: `output` (JSON text) of a success, or `failure`."""

    task: Task
    arrived: threading.Event = field(default_factory=threading.Event)
    output: str = "null"
    failure: StatesError | None = None

    def succeed(self, output: str) -> None:
        """The task goes on with `output`, which is JSON."""
        self.output = output
        self.arrived.set()

    def fail(self, error: str | None, cause: str | None) -> None:
        """The task fails."""
        self.failure = StatesError(error, cause)
        self.arrived.set()

    def wait(self) -> Any:
        """Blocks until the callback arrives, and returns the output. Raises StatesError, also of an abandoned task."""
        while not self.arrived.wait(POLL_SECONDS):
            if self.task.abandoned.is_set():
                raise StatesError("States.TaskFailed", "the task was abandoned")
        if self.failure:
            raise self.failure
        return json.loads(self.output)


_callbacks: dict[str, Callback] = {}


def expect(task: Task) -> Callback:
    """Registers the task under its token. To be called before the token is sent, and ended with `forget`."""
    callback = Callback(task)
    _callbacks[str(task.token)] = callback
    return callback


def forget(task: Task) -> None:
    """The task has ended: its token is no longer valid."""
    _callbacks.pop(str(task.token), None)


def find(token: str) -> Callback:
    """The task that waits with this token. Raises ApiError: TaskTimedOut if it has ended, InvalidToken if made up."""
    callback = _callbacks.get(token)
    if callback and not callback.arrived.is_set() and not callback.task.abandoned.is_set():
        return callback
    raise task_timed_out() if callback or machine_of(token) else invalid_token()


def machine_of(token: Any) -> str | None:
    """The ARN of the state machine that the token belongs to; None if it is not a token of this cloud."""
    try:
        return str(json.loads(base64.urlsafe_b64decode(token))["machine"])
    except (TypeError, KeyError, ValueError, binascii.Error):
        return None
