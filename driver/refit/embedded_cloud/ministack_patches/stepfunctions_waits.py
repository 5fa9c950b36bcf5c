"""Step Functions: a task that waits, until what it waits for is there or nobody wants its result any more."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import stepfunctions

from refit.embedded_cloud.ministack_patches import stepfunctions_role
from refit.embedded_cloud.ministack_patches.patching import around

POLL_SECONDS = 0.1

_left: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("refit_task_left", default=None)


class Abandoned(stepfunctions._ExecutionError):  # type: ignore[misc]  # ministack has no types
    """The execution has ended, or the state has stopped waiting for its task."""


def until(done: Callable[[], bool], seconds: float | None = None) -> None:
    """Returns once `done` says so; looks every POLL_SECONDS, and blocks the task's own thread alone.

    Raises Abandoned when nobody waits for the task any more, and _ExecutionError States.Timeout after `seconds`.
    """
    began, left = time.monotonic(), _left.get()
    while not done():
        if (left and left.is_set()) or not stepfunctions_role.is_running():
            raise Abandoned("States.TaskFailed", "nobody waits for this task any more")
        if seconds is not None and time.monotonic() - began >= seconds:
            raise stepfunctions._ExecutionError("States.Timeout", f"the task took longer than {seconds:g} seconds")
        time.sleep(POLL_SECONDS)


@around("services.stepfunctions", "_invoke_resource_with_timeout")
def tell_the_task(invoke: Any, resource: Any, arguments: Any, seconds: Any) -> Any:
    """A task with .sync that outlasts TimeoutSeconds learns of it, and stops what it started; ministack forgets it.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    left = threading.Event()
    before = _left.set(left)
    try:
        return invoke(resource, arguments, seconds)
    finally:
        left.set()
        _left.reset(before)
