"""Starts a run once, however often it is requested, and follows it to its end.

A request has a name (driver/refit/runs/execution_names.py), and the execution of that name is the run: one that is
running is joined, one that has ended is reported and not repeated. A numbered name starts the run again, but only if it
did nothing because another run or a hold was in the way; if it failed and the caller wants a retry; or if it succeeded
and the caller knows that its effect has been undone since.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from refit.aws import executions
from refit.aws.executions import ExecutionState, Step
from refit.aws.session import Aws
from refit.domain.outcomes import ALREADY_RUNNING, HELD
from refit.errors import AwsError, NotFound
from refit.runs.execution_names import ATTEMPTS, numbered

DID_NOTHING = frozenset({ALREADY_RUNNING, HELD})
"""How a run ends that found the pipeline in other hands. It succeeded, and what was announced has not happened."""

LOOKS_SECONDS = 5.0
LOOKS_SECONDS_EMBEDDED = 0.5
"""How long to wait between two looks at a run: it takes many minutes on AWS, and seconds on the embedded cloud."""


NOT_STARTED = "not started"
"""How the result of a run reads that was not started; the others are LaunchKind's."""


@dataclass(frozen=True)
class Run:
    """A run to start: the name of its execution, and the event that is its input."""

    name: str
    event: Mapping[str, Any]


class LaunchKind(StrEnum):
    """How an execution came to be followed."""

    STARTED = "started"
    JOINED = "was running"
    REPORTED = "ran before"


@dataclass(frozen=True)
class Launch:
    """One execution of a run; `ending` is how it stood when it was found, None for one that was started now."""

    arn: str
    name: str
    how: LaunchKind
    ending: ExecutionState | None


@dataclass(frozen=True)
class Launcher:
    """Runs of one state machine. `again` begins a run anew that failed.

    `undone` does so with one that succeeded: what it did is known to be in force no more. `poll_seconds` is between two
    looks, instead of what suits the cloud; `least_seconds` is what it is at the least.
    """

    aws: Aws
    state_machine_arn: str
    again: bool = False
    poll_seconds: float | None = None
    least_seconds: float = 0.0
    undone: bool = False

    @property
    def pause(self) -> float:
        """How many seconds to wait between two looks."""
        suiting = LOOKS_SECONDS_EMBEDDED if self.aws.is_embedded else LOOKS_SECONDS
        return max(self.least_seconds, suiting if self.poll_seconds is None else self.poll_seconds)

    def launch(self, run: Run) -> Launch:
        """The execution of `run`: started now, or found. Raises NotFound without the state machine, AwsError."""
        for attempt in range(1, ATTEMPTS + 1):
            name = numbered(run.name, attempt)
            launch = self._find(name) or self._start(name, run.event)
            ending = launch.ending
            idle = ending is not None and ending.outcome in DID_NOTHING
            failed = ending is not None and ending.status != executions.RUNNING and not ending.succeeded
            undone = ending is not None and ending.succeeded and self.undone
            if attempt == ATTEMPTS or not (idle or undone or (failed and self.again)):
                return launch
        raise AssertionError("the last attempt returns")

    def follow(self, run: Run, launch: Launch, see: Callable[[Step], None]) -> tuple[Launch, ExecutionState]:
        """Waits until the run has ended, showing each state to `see`; returns the execution that counts, and its end.

        When another run held the pipeline, that one is waited for, and the run is begun again; a person is not waited
        for. Raises AwsError.
        """
        while True:
            if launch.ending is None or launch.ending.status == executions.RUNNING:
                for step in executions.follow(self.aws, launch.arn, self.pause):
                    see(step)
                ending = executions.state(self.aws, launch.arn)
            else:
                ending = launch.ending
            if ending.outcome != ALREADY_RUNNING:
                return launch, ending
            self._wait_for_others()
            anew = self.launch(run)
            if anew.arn == launch.arn:
                return launch, ending
            launch = anew

    def _find(self, name: str) -> Launch | None:
        arn = executions.arn_of(self.state_machine_arn, name)
        try:
            ending = executions.state(self.aws, arn)
        except NotFound:
            return None
        return Launch(
            arn, name, LaunchKind.JOINED if ending.status == executions.RUNNING else LaunchKind.REPORTED, ending
        )

    def _start(self, name: str, event: Mapping[str, Any]) -> Launch:
        try:
            arn = executions.start(self.aws, self.state_machine_arn, name, event)
        except AwsError:
            # Between the look and the start somebody else may have started it: then that one is the run.
            found = self._find(name)
            if found is None:
                raise
            return found
        return Launch(arn, name, LaunchKind.STARTED, None)

    def _wait_for_others(self) -> None:
        # Once in any case: the list may lag behind what happens, and every try uses up a name.
        time.sleep(self.pause)
        while executions.listed(self.aws, self.state_machine_arn, 10, running=True):
            time.sleep(self.pause)
