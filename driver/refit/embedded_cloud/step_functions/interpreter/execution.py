"""The record of an execution: what StartExecution begins and DescribeExecution shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Execution:
    """An execution of a state machine. Every member is a JSON value, so that the record can be saved.

    Times are seconds since 1970; `input` and `output` are JSON text.
    """

    arn: str
    name: str
    state_machine_arn: str
    state_machine_name: str
    role_arn: str
    input: str
    start_date: float
    status: str = "RUNNING"
    """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
    output: str | None = None
    """Of an execution that succeeded; a failed one has none."""
    error: str | None = None
    cause: str | None = None
    stop_date: float | None = None
    redrive_count: int = 0
    redrive_date: float | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    """The history, as GetExecutionHistory returns it."""
    resume: dict[str, Any] | None = None
    """Where RedriveExecution continues: the state that was not left (see `walk.Walk.position`)."""

    @property
    def region(self) -> str:
        return self.arn.split(":")[3]
