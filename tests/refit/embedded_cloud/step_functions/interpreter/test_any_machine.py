"""What holds of every execution, whatever its state machine does and whenever it is stopped."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.clock import Clock, RealClock
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.executions import INVOKE, machine_of, run_of
from tests.support.virtual_clock import VirtualClock

ENDS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}
ERRORS = ("Broken", "Other", "States.Runtime", "States.DataLimitExceeded", "States.Timeout")
SEND = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


class Machines:
    """Makes state machines at random, with time limits and delays of about `seconds`. All names are different."""

    def __init__(self, rng: random.Random, seconds: float) -> None:
        self._rng, self._seconds, self._names = rng, seconds, 0

    def machine(self, depth: int = 2) -> dict[str, Any]:
        names = [self._name() for _ in range(self._rng.randint(1, 4))]
        states = {name: self._state(depth, names[place + 1 :]) for place, name in enumerate(names)}
        limit = {"TimeoutSeconds": self._rng.uniform(0, 3 * self._seconds)} if self._chance(0.2) and depth == 2 else {}
        return machine_of(states, **limit)

    def _name(self) -> str:
        self._names += 1
        return f"S{self._names}"

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def _state(self, depth: int, later: list[str]) -> dict[str, Any]:
        kinds = ["Pass", "Wait", "Task", "Task"] + ["Choice"] * bool(later) + ["Parallel", "Map"] * (2 * bool(depth))
        kind = self._rng.choice([*kinds, "Fail"] if self._chance(0.3) else kinds)
        following = {"Next": later[0]} if later else {"End": True}
        if kind == "Fail":
            return {"Type": "Fail", "Error": self._rng.choice(ERRORS)}
        if kind == "Choice":
            rule = {"Variable": "$", "IsString": self._chance(0.5), "Next": self._rng.choice(later)}
            return {"Type": "Choice", "Choices": [rule], **({"Default": later[-1]} if self._chance(0.8) else {})}
        if kind == "Wait":
            path = self._rng.choice(["$$.Execution.Input.long", "$$.Execution.Input.short"])
            return {"Type": "Wait", "SecondsPath": path, **following}
        if kind == "Pass":
            return {"Type": "Pass", **following} | ({"Parameters": {"v.$": "$.nothing"}} if self._chance(0.1) else {})
        return {"Type": kind, **self._own(kind, depth), **self._handlers(later), **following}

    def _own(self, kind: str, depth: int) -> dict[str, Any]:
        if kind == "Parallel":
            return {"Branches": [self.machine(depth - 1) for _ in range(self._rng.randint(1, 3))]}
        if kind == "Map":
            items = "$$.Execution.Input.items"
            return {
                "ItemProcessor": self.machine(depth - 1),
                "ItemsPath": items,
                "MaxConcurrency": self._rng.randint(0, 2),
            }
        own: dict[str, Any] = {"Resource": self._rng.choice([INVOKE, SEND])}
        if self._chance(0.5):
            own["TimeoutSeconds"] = 1
        return own

    def _handlers(self, later: list[str]) -> dict[str, Any]:
        handlers: dict[str, Any] = {}
        names = [self._rng.choice([*ERRORS, "States.ALL", "States.TaskFailed"])]
        if self._chance(0.4):
            handlers["Retry"] = [{"ErrorEquals": names, "IntervalSeconds": self._seconds, "MaxAttempts": 2}]
        if later and self._chance(0.4):
            handlers["Catch"] = [{"ErrorEquals": names, "Next": self._rng.choice(later)}]
        return handlers


class Answers:
    """Answers every task at random: at once, late, with heartbeats, or with an error."""

    def __init__(self, rng: random.Random, clock: Clock, seconds: float) -> None:
        self._rng, self._clock, self._seconds = rng, clock, seconds

    def run(self, task: Task) -> Any:
        task.submitted({"ok": True})
        self._clock.wait(self._rng.choice([0, 0, self._seconds, 5 * self._seconds]), task.abandoned)
        task.heartbeat()
        if self._rng.random() < 0.4:
            raise StatesError(self._rng.choice(ERRORS), "at random")
        return self._rng.choice(["text", 1, None, {"a": 1}])


def check(execution: Execution) -> None:
    events = execution.events
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(0 <= event["previousEventId"] < event["id"] for event in events)
    assert [event["timestamp"] for event in events] == sorted(event["timestamp"] for event in events)
    ends = [event["type"] for event in events if event["type"] in ENDS]
    assert len(ends) == 1 + execution.redrive_count
    assert (events[-1]["type"], execution.status) == (ends[-1], ENDS[ends[-1]])
    assert execution.stop_date == events[-1]["timestamp"]
    assert (execution.output is None) == (execution.status != "SUCCEEDED")
    assert execution.status != "SUCCEEDED" or (execution.error, execution.cause, execution.resume) == (None, None, None)
    entered = [event["type"] for event in events if "stateEnteredEventDetails" in event]
    assert not entered or execution.status == "SUCCEEDED" or execution.resume is not None


def run(seed: int, clock: Clock, seconds: float) -> Iterator[Execution]:
    """Runs a machine at random, and redrives it if it did not succeed."""
    rng = random.Random(seed)  # noqa: S311 - a machine that repeats
    machine = Machines(rng, seconds).machine()
    data = {"long": round(10 * seconds), "short": 0, "items": list(range(rng.randint(0, 3)))}
    tasks = Answers(rng, clock, seconds)
    first = run_of(machine, data, clock=clock, tasks=tasks)
    if isinstance(clock, VirtualClock) and rng.random() < 0.3:
        clock.at(rng.uniform(0, 5 * seconds), lambda: first.stop("Stopped"))
    first.execute()
    check(first.execution)
    yield first.execution
    if first.execution.status != "SUCCEEDED":
        copy = Execution(**json.loads(json.dumps(vars(first.execution))))
        run_of(machine, clock=clock, execution=copy, tasks=tasks).redrive()
        check(copy)
        yield copy


def test_every_execution_ends_with_a_whole_history() -> None:
    ran = [execution for seed in range(500) for execution in run(seed, VirtualClock(), 10)]
    assert {execution.status for execution in ran} == set(ENDS.values())
    assert len({event["type"] for execution in ran for event in execution.events}) > 30


def test_every_execution_ends_on_the_wall_clock() -> None:
    ran = [execution for seed in range(50) for execution in run(seed, RealClock(wait_scale=0), 0.001)]
    assert {execution.status for execution in ran} >= {"SUCCEEDED", "FAILED"}
