"""The Task state: one attempt after the other, each with its own token, time limit and events.

https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

import base64
import json
import logging
import threading
import uuid
from contextlib import suppress
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, StatesError
from refit.embedded_cloud.step_functions.interpreter.error_names import TimedOut
from refit.embedded_cloud.step_functions.interpreter.interruption import Interrupted, Interruption
from refit.embedded_cloud.step_functions.interpreter.payload import text_of
from refit.embedded_cloud.step_functions.interpreter.recovery import recover
from refit.embedded_cloud.step_functions.interpreter.task import Task
from refit.embedded_cloud.step_functions.interpreter.task_events import Event, ServiceEvents, events_of
from refit.embedded_cloud.step_functions.interpreter.time_limit import TimeLimit
from refit.embedded_cloud.step_functions.interpreter.visit import Outcome, Visit

log = logging.getLogger("refit")


def task(visit: Visit) -> Outcome:
    """Runs the task, again for each retry; its result is that of the state."""

    def attempt() -> Outcome:
        with visit.walk.interruption.below() as interruption:
            return visit.outcome(_Attempt(visit, interruption).result())

    return recover(visit, attempt)


def new_token(state_machine_arn: str) -> str:
    """A task token. It names the state machine, on which IAM authorizes the callback."""
    content = json.dumps({"machine": state_machine_arn, "task": uuid.uuid4().hex})
    return base64.urlsafe_b64encode(content.encode()).decode()


class _Attempt:
    """One attempt of a task."""

    def __init__(self, visit: Visit, interruption: Interruption) -> None:
        self._visit, self._engine = visit, visit.engine
        self._interruption = interruption
        self._events = events_of(visit.state["Resource"])
        self._submitting = threading.Lock()
        self._submitted = False
        self._result: Any = None
        self._error: Exception | None = None

    def result(self) -> Any:
        """Runs the task. Raises StatesError if it fails or times out, and Interrupted."""
        asked, limit = self._schedule()
        finished = self._engine.clock.call(lambda: self._run(asked), limit.reached, self._interruption)
        with self._submitting:
            self._interruption.set()
        self._visit.walk.interruption.check()
        return self._close(None if finished else TimedOut(limit.missed_heartbeat))

    def _schedule(self) -> tuple[Task, TimeLimit]:
        visit, execution, now = self._visit, self._engine.execution, self._engine.clock.now
        visit.token = new_token(execution.state_machine_arn) if self._events.token else None
        scope = visit.scope()
        arguments = visit.evaluate(visit.flow.arguments, visit.state, scope)
        timeout = visit.whole_number("TimeoutSeconds", scope)
        heartbeat = visit.whole_number("HeartbeatSeconds", scope)
        text = text_of(arguments, visit.name)
        self._add(self._events.scheduled(text, execution.region, timeout, heartbeat))
        self._add(self._events.started())
        limit = TimeLimit(now(), timeout, heartbeat if self._events.token else None)
        asked = Task(
            resource=visit.state["Resource"],
            arguments=arguments,
            state=visit.name,
            token=visit.token,
            timeout_seconds=timeout,
            heartbeat_seconds=heartbeat,
            execution_arn=execution.arn,
            state_machine_arn=execution.state_machine_arn,
            role_arn=execution.role_arn,
            abandoned=self._interruption.event,
            submitted=self._submit,
            heartbeat=lambda: limit.beat(now()),
        )
        return asked, limit

    def _run(self, asked: Task) -> None:
        try:
            self._result = self._engine.tasks.run(asked)
        except Exception as error:
            self._error = error

    def _close(self, timed_out: TimedOut | None) -> Any:
        error = timed_out or self._error
        if isinstance(error, TimedOut):
            self._add(self._events.timed_out(error))
            raise error
        if error is None:
            try:
                text = text_of(self._result, self._events.owner)
            except StatesError as too_large:
                error = too_large
            else:
                self._add(self._events.succeeded(text))
                return self._result
        if not isinstance(error, StatesError):
            log.error("the task of state %s broke", self._visit.name, exc_info=error)
            error = StatesError(RUNTIME, repr(error))
        self._add(self._events.failed(error, self._submitted))
        raise error

    def _add(self, event: Event) -> None:
        self._visit.add(*event)

    def _submit(self, answer: Any) -> None:
        """Adds TaskSubmitted. The task goes on if nothing awaits it any more, so that it can stop what it began."""
        with self._submitting:
            if not self._interruption.event.is_set() and isinstance(self._events, ServiceEvents):
                self._submitted = True
                with suppress(Interrupted):
                    self._add(self._events.submitted(text_of(answer, self._events.owner)))
