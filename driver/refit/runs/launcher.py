"""Starts a run once, however often it is requested, and follows it to its end.

A request has a name (driver/refit/runs/execution_names.py), and the execution of that name is the run: one that is
running is joined, one that has ended is reported and not repeated. A numbered name starts the run again, but only if it
did nothing because another run or a hold was in the way; if it failed and the caller wants a retry; if it succeeded and
the caller wants another: its effect may have been undone, or there may be new data since; or if it was stopped because
it had started with the previous definition of the state machine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from refit.aws import executions, previous_definition
from refit.aws.executions import ExecutionState
from refit.aws.session import Aws
from refit.domain.outcomes import ABORTED, ALREADY_RUNNING, HELD
from refit.errors import AwsError, NotFound, RefitError
from refit.runs.execution_names import ATTEMPTS, numbered
from refit.runs.progress import Progress

DID_NOTHING = frozenset({ALREADY_RUNNING, HELD})
"""Outcomes of a run that did nothing because the pipeline was busy or held: it succeeded, without doing its work."""

POLL_SECONDS = 5.0
POLL_SECONDS_EMBEDDED = 0.5
"""The pause between two status checks: a run takes many minutes on AWS, and seconds on the embedded cloud."""

DEFINITION_SECONDS = 60.0
"""How long to wait until runs start with the new definition of a state machine. AWS writes: within a few seconds."""

NOT_STARTED = "not started"
"""How a result describes a run that was not started; LaunchKind has the other values."""


@dataclass(frozen=True)
class Run:
    """A run to start: the name of its execution, and the event that is its input."""

    name: str
    event: Mapping[str, Any]


class LaunchKind(StrEnum):
    """How the execution of a run was obtained."""

    STARTED = "started"
    JOINED = "was running"
    REPORTED = "ran before"


@dataclass(frozen=True)
class Launch:
    """One execution of a run. `state` is its state when it was found; None if it was started now."""

    arn: str
    name: str
    how: LaunchKind
    state: ExecutionState | None


@dataclass(frozen=True)
class Launcher:
    """Starts the runs of one state machine. `retry_failed` restarts a run that failed.

    `restart_succeeded` also restarts a run that succeeded but has been superseded. `poll_seconds` is the pause between
    two status checks, by default that of the cloud; `least_seconds` is its lower bound.
    """

    aws: Aws
    state_machine_arn: str
    retry_failed: bool = False
    poll_seconds: float | None = None
    least_seconds: float = 0.0
    restart_succeeded: bool = False

    @property
    def pause(self) -> float:
        """The seconds between two status checks."""
        default = POLL_SECONDS_EMBEDDED if self.aws.is_embedded else POLL_SECONDS
        return max(self.least_seconds, default if self.poll_seconds is None else self.poll_seconds)

    def launch(self, run: Run) -> Launch:
        """Finds the execution of `run`, or starts it.

        After the last attempt its result is returned as it is. Raises RefitError if nothing was started although
        `restart_succeeded` or `retry_failed` asks for it, NotFound if there is no state machine, AwsError if runs keep
        starting with the previous definition of the state machine.
        """
        deadline = time.monotonic() + DEFINITION_SECONDS
        for attempt in range(1, ATTEMPTS + 1):
            name = numbered(run.name, attempt)
            launch = self._find(name) or self._start(name, run.event, deadline)
            if not self._is_to_repeat(launch.state):
                return launch
        if self.restart_succeeded or self.retry_failed:
            message = f"nothing was started: {run.name} has been started {ATTEMPTS} times"
            raise RefitError(message, "commit a change, or name other days: --window START..END")
        return launch

    def _is_to_repeat(self, state: ExecutionState | None) -> bool:
        if state is None or state.status == executions.RUNNING:
            return False
        if state.outcome in DID_NOTHING or state.error == previous_definition.ERROR:
            return True
        return self.restart_succeeded if state.succeeded else self.retry_failed

    def follow(self, run: Run, launch: Launch, progress: Progress) -> tuple[Launch, ExecutionState]:
        """Waits for the end of the run and reports its states to `progress`; returns its last execution and its end.

        If another run was in the way, waits for that run and starts `run` again; it does not wait for the end of a
        hold. Raises AwsError.
        """
        while True:
            state = launch.state
            if state is None or state.status == executions.RUNNING:
                for step in executions.follow(self.aws, launch.arn, self.pause, progress.on_wait):
                    progress.on_step(step)
                state = executions.state(self.aws, launch.arn)
            if state.outcome != ALREADY_RUNNING and state.error != previous_definition.ERROR:
                return launch, state
            self._wait_for_others(progress)
            next_launch = self.launch(run)
            if next_launch.arn == launch.arn:
                return launch, state
            launch = next_launch

    def _find(self, name: str) -> Launch | None:
        arn = executions.arn_of(self.state_machine_arn, name)
        try:
            state = executions.state(self.aws, arn)
        except NotFound:
            return None
        kind = LaunchKind.JOINED if state.status == executions.RUNNING else LaunchKind.REPORTED
        return Launch(arn, name, kind, state)

    def _start(self, name: str, event: Mapping[str, Any], deadline: float) -> Launch:
        """Starts the execution. Stops it again if its definition is not the current one, and then waits a moment."""
        try:
            arn = executions.start(self.aws, self.state_machine_arn, name, event)
        except AwsError:
            # Someone else may have started it since the last check: then their execution is the run.
            existing = self._find(name)
            if existing is None:
                raise
            return existing
        if not previous_definition.started_with(self.aws, self.state_machine_arn, arn):
            return Launch(arn, name, LaunchKind.STARTED, None)
        previous_definition.stop(self.aws, arn)
        if time.monotonic() > deadline:
            message = f"{name} started with the previous definition of the state machine, and was stopped"
            raise AwsError(message, "run the same command again in a minute")
        time.sleep(self.pause)
        # Whatever it ended in before it was stopped, it is not the run.
        state = replace(
            executions.state(self.aws, arn),
            status="ABORTED",
            outcome=ABORTED,
            reason=previous_definition.CAUSE,
            error=previous_definition.ERROR,
        )
        return Launch(arn, name, LaunchKind.STARTED, state)

    def _wait_for_others(self, progress: Progress) -> None:
        # Always once: the list may lag behind, and every attempt uses up a name.
        time.sleep(self.pause)
        while executions.listed(self.aws, self.state_machine_arn, 10, running=True):
            progress.on_wait()
            time.sleep(self.pause)
