"""Step Functions: waits inside a task, which end when the task is abandoned."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from refit.embedded_cloud.ministack_patches import stepfunctions_role
from refit.embedded_cloud.ministack_patches.patching import patch

POLL_SECONDS = 0.1

_abandoned: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("refit_task_left", default=None)


class Abandoned(stepfunctions._ExecutionError):  # type: ignore[misc]  # ministack has no types
    """The execution has ended, or the task has exceeded the state's TimeoutSeconds."""


def wait_until(done: Callable[[], bool], seconds: float | None = None) -> None:
    """Blocks the task's own thread until `done` returns true, checking every POLL_SECONDS.

    Raises Abandoned if the task is abandoned, and _ExecutionError States.Timeout after `seconds`.
    """
    began, abandoned = time.monotonic(), _abandoned.get()
    while not done():
        if (abandoned and abandoned.is_set()) or not stepfunctions_role.is_running():
            raise Abandoned("States.TaskFailed", "the task was abandoned")
        if seconds is not None and time.monotonic() - began >= seconds:
            raise stepfunctions._ExecutionError("States.Timeout", f"the task took longer than {seconds:g} seconds")
        time.sleep(POLL_SECONDS)


@patch("services.stepfunctions", "_invoke_resource_with_timeout")
def abandon_the_task_at_its_timeout(invoke: Any, resource: Any, arguments: Any, seconds: Any) -> Any:
    """A .sync task that exceeds TimeoutSeconds is notified, so that it stops its job; ministack does not notify it.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    abandoned = threading.Event()
    before = _abandoned.set(abandoned)
    try:
        return invoke(resource, arguments, seconds)
    finally:
        abandoned.set()
        _abandoned.reset(before)
