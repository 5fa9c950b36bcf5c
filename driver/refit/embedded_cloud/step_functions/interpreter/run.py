"""Runs an execution to its end, stops it, or redrives it."""

from __future__ import annotations

import json
import logging
import random
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, StatesError
from refit.embedded_cloud.step_functions.interpreter.clock import Clock
from refit.embedded_cloud.step_functions.interpreter.engine import Engine
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.flow_states import choice, fail, pass_state, succeed, wait
from refit.embedded_cloud.step_functions.interpreter.history import NOT_TRUNCATED, History
from refit.embedded_cloud.step_functions.interpreter.interruption import Interrupted, Interruption
from refit.embedded_cloud.step_functions.interpreter.map_state import map_state
from refit.embedded_cloud.step_functions.interpreter.parallel_state import parallel
from refit.embedded_cloud.step_functions.interpreter.payload import text_of
from refit.embedded_cloud.step_functions.interpreter.task import Tasks
from refit.embedded_cloud.step_functions.interpreter.task_state import task
from refit.embedded_cloud.step_functions.interpreter.visit import Kinds
from refit.embedded_cloud.step_functions.interpreter.walk import Walk

log = logging.getLogger("refit")

KINDS: Kinds = {
    "Pass": pass_state,
    "Task": task,
    "Choice": choice,
    "Wait": wait,
    "Succeed": succeed,
    "Fail": fail,
    "Parallel": parallel,
    "Map": map_state,
}

OUTSIDE = 0
"""What ExecutionAborted follows: no event (LocalStack's recording test_sfn_api::test_stop_execution). AWS's answer for
ExecutionTimedOut is not recorded; it comes from outside too.
"""


class Run:
    """Runs the record `execution` of the definition `machine`, which `definition.check` has accepted.

    One Run is for one `execute` or one `redrive`. `rng` gives the jitter of retries.
    """

    def __init__(
        self,
        machine: Mapping[str, Any],
        execution: Execution,
        tasks: Tasks,
        clock: Clock,
        rng: random.Random | None = None,
    ) -> None:
        self.execution = execution
        self._interruption = Interruption()
        self._history = History(execution.events, clock.now)
        rng = rng or random.Random()  # noqa: S311 - spreads retries
        self._engine = Engine(machine, execution, json.loads(execution.input), tasks, clock, self._history, rng)
        self._walk = Walk(self._engine, KINDS, machine, self._interruption)

    def execute(self) -> None:
        """Runs from StartAt to the end in the caller's thread; the record has the outcome."""
        execution = self.execution
        details = {"input": execution.input, "inputDetails": NOT_TRUNCATED, "roleArn": execution.role_arn}
        try:
            self._history.add("ExecutionStarted", 0, {"executionStartedEventDetails": details})
        except Interrupted:  # stopped before it began
            return
        self._within_time_limit(None)

    def redrive(self) -> None:
        """Runs an execution that failed, timed out or was aborted from the state that it did not leave.

        Retries begin again, and so does the time limit.
        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        execution = self.execution
        position = execution.resume
        execution.status, execution.resume = "RUNNING", None
        execution.error = execution.cause = execution.stop_date = None
        execution.redrive_count += 1
        execution.redrive_date = round(self._engine.clock.now().timestamp(), 3)
        details = {"redriveCount": execution.redrive_count}
        last = len(execution.events)
        event = self._history.add("ExecutionRedriven", last, {"executionRedrivenEventDetails": details})
        self._within_time_limit({**position, "previous": event} if position else None)

    def stop(self, error: str | None = None, cause: str | None = None) -> bool:
        """Ends the execution as ABORTED at once, from any thread. False if it has ended before.

        Its tasks are abandoned; `execute` returns soon.
        """
        details = _given({"error": error, "cause": cause})
        stopped = self._close("Aborted", "ABORTED", OUTSIDE, details)
        self._interruption.set()
        return stopped

    def _within_time_limit(self, position: Mapping[str, Any] | None) -> None:
        """Ends the execution as TIMED_OUT after the machine's TimeoutSeconds, without error and cause.

        LocalStack's recording test_timeouts::test_global_timeout.
        """
        seconds = self._engine.machine.get("TimeoutSeconds")
        ended = threading.Event()

        def work() -> None:
            try:
                self._to_the_end(position)
            finally:
                ended.set()

        if seconds is None:
            work()
        else:
            end = self._engine.clock.now() + timedelta(seconds=seconds)
            if not self._engine.clock.call(work, lambda: end, self._interruption):
                self._close("TimedOut", "TIMED_OUT", OUTSIDE, {})
                ended.wait()
        if self.execution.status != "SUCCEEDED":
            self.execution.resume = self._walk.position

    def _to_the_end(self, position: Mapping[str, Any] | None) -> None:
        try:
            if position:
                output = self._walk.resume(position)
            else:
                output = self._walk.execute(self._engine.input, self.execution.input)
            text = text_of(output, self.execution.name)
            details = {"output": text, "outputDetails": NOT_TRUNCATED}
            self._close("Succeeded", "SUCCEEDED", self._walk.previous, details)
        except StatesError as error:
            self._close("Failed", "FAILED", self._walk.previous, _given({"error": error.error, "cause": error.cause}))
        except Interrupted:
            pass
        except Exception as error:
            log.exception("execution %s broke", self.execution.arn)
            self._close("Failed", "FAILED", self._walk.previous, {"error": RUNTIME, "cause": repr(error)})

    def _close(self, kind: str, status: str, previous: int, details: dict[str, Any]) -> bool:
        execution = self.execution

        def record(time: float) -> None:
            execution.output, execution.error, execution.cause = (
                details.get(name) for name in ("output", "error", "cause")
            )
            execution.stop_date, execution.status = time, status

        event = {f"execution{kind}EventDetails": details}
        return self._history.close(f"Execution{kind}", previous, event, record)


def _given(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}
