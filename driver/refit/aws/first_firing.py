"""Follows the run that a new rate schedule starts as soon as it is created."""

from __future__ import annotations

import time

from refit.aws import executions
from refit.aws.session import Aws
from refit.errors import RunFailed


def first_firing(aws: Aws, state_machine_arn: str, within_seconds: float = 60.0) -> executions.ExecutionState:
    """Waits for the run that a new rate schedule starts immediately, and for the end of that run.

    EventBridge Scheduler starts it if the schedule has no start date:
    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html. Raises RunFailed if no run starts
    within `within_seconds`.
    """
    deadline = time.monotonic() + within_seconds
    # The oldest: a schedule may start a second run at the same time, which ends at once.
    while not (arns := executions.recent(aws, state_machine_arn, limit=10)):
        if time.monotonic() > deadline:
            raise RunFailed(f"the new schedule did not start a run within {within_seconds:.0f} s")
        time.sleep(0.1)
    for _ in executions.follow(aws, arns[-1], poll_seconds=0.1):
        pass
    return executions.state(aws, arns[-1])
