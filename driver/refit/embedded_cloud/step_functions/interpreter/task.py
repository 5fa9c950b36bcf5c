"""What a Task state asks of the service integrations."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Task:
    """One attempt of a Task state."""

    resource: str
    """The state's Resource."""
    arguments: Any
    """The evaluated Arguments or Parameters."""
    state: str
    """The state's name."""
    token: str | None
    """The task token of a task with `.waitForTaskToken`, else None."""
    timeout_seconds: int | None
    """The state's TimeoutSeconds. The interpreter enforces it."""
    heartbeat_seconds: int | None
    """The state's HeartbeatSeconds. The interpreter enforces it for a task with a token."""
    execution_arn: str
    state_machine_arn: str
    role_arn: str
    abandoned: threading.Event
    """Set when the result is no longer awaited: time-out, stop, or the failure of a sibling branch."""
    submitted: Callable[[Any], None]
    """To be called with the service's answer once it accepted the request of a `.sync` or `.waitForTaskToken` task."""
    heartbeat: Callable[[], None]
    """To be called for each SendTaskHeartbeat."""


class Tasks(Protocol):
    """The service integrations."""

    def run(self, task: Task) -> Any:
        """Blocks until the task has ended, and returns its result (JSON). Raises StatesError if it failed.

        Once `task.abandoned` is set, it should soon return or raise; nothing reads the result.
        """
        ...
