"""Runs state machines in this process, with scripted tasks and a clock that does not wait."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.clock import Clock
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.run import Run
from refit.embedded_cloud.step_functions.interpreter.task import Task, Tasks
from tests.support.virtual_clock import VirtualClock

MACHINE_ARN = "arn:aws:states:us-west-2:000000000000:stateMachine:m"
EXECUTION_ARN = "arn:aws:states:us-west-2:000000000000:execution:m:e"
ROLE_ARN = "arn:aws:iam::000000000000:role/r"
INVOKE = "arn:aws:states:::lambda:invoke"


class ScriptedTasks:
    """Answers tasks by the name of their state: a function of the task, an error to raise, or the result.

    A list is answered one by one; its last answer repeats.
    """

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.asked: list[Task] = []
        self._answers = dict(answers or {})

    def run(self, task: Task) -> Any:
        self.asked.append(task)
        answer = self._answers.get(task.state)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(task) if callable(answer) else answer


def machine_of(states: Mapping[str, Any], **members: Any) -> dict[str, Any]:
    """A definition that starts at the first of `states`."""
    return {"StartAt": next(iter(states)), "States": states, **members}


def execution_of(data: Any, clock: Clock) -> Execution:
    """A new record with the input `data`."""
    started = clock.now().timestamp()
    return Execution(EXECUTION_ARN, "e", MACHINE_ARN, "m", ROLE_ARN, json.dumps(data), started)


def run_of(
    machine: Mapping[str, Any],
    data: Any = None,
    answers: Mapping[str, Any] | None = None,
    clock: Clock | None = None,
    execution: Execution | None = None,
    tasks: Tasks | None = None,
) -> Run:
    """A run that has not begun, of a new execution with the input `data` (by default `{}`), or of `execution`.

    Its tasks are answered by `tasks`, or by ScriptedTasks of `answers`.
    """
    clock = clock or VirtualClock()
    execution = execution or execution_of({} if data is None else data, clock)
    rng = random.Random(7)  # noqa: S311 - jitter that repeats
    return Run(machine, execution, tasks or ScriptedTasks(answers), clock, rng)


def execute(
    machine: Mapping[str, Any], data: Any = None, answers: Mapping[str, Any] | None = None, clock: Clock | None = None
) -> Execution:
    """Runs `machine` to its end with the input `data` (by default `{}`), and returns the record."""
    run = run_of(machine, data, answers, clock)
    run.execute()
    return run.execution


def output_of(execution: Execution) -> Any:
    """The output as a value. Fails with the error and cause if the execution did not succeed."""
    assert execution.status == "SUCCEEDED", (execution.status, execution.error, execution.cause)
    assert execution.output is not None
    return json.loads(execution.output)


def history(execution: Execution) -> list[tuple[int, int, str, dict[str, Any]]]:
    """The events as (id, previousEventId, type, details)."""
    return [(event["id"], event["previousEventId"], event["type"], details(event)) for event in execution.events]


def chain(execution: Execution) -> list[tuple[int, int, str]]:
    """The events as (id, previousEventId, type)."""
    return [(event["id"], event["previousEventId"], event["type"]) for event in execution.events]


def types(execution: Execution) -> list[str]:
    return [event["type"] for event in execution.events]


def details(event: Mapping[str, Any]) -> dict[str, Any]:
    """The only member of the event with details; `{}` if it has none."""
    found = [value for name, value in event.items() if name.endswith("EventDetails")]
    assert len(found) < 2
    return found[0] if found else {}


def details_of(execution: Execution, kind: str) -> list[dict[str, Any]]:
    """The details of the events of a type."""
    return [details(event) for event in execution.events if event["type"] == kind]
