"""Answers the tasks of one execution at random, and remembers what was asked and answered."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.random_walk import failures, function_answers, handlers
from tests.support.random_walk.service_answers import Answers
from tests.support.virtual_clock import VirtualClock

FOREVER = 10**9
"""Seconds of a task that answers after every time limit."""
TIMED_OUT = StatesError("States.Timeout")
AT_ONCE = StatesError("Runtime.HandlerNotFound", '{"errorType": "Runtime.HandlerNotFound", "errorMessage": "no f"}')
"""An error that no state retries."""

RARE = frozenset({"DeleteEndpoint"})
"""States that few executions reach, here those whose first endpoint has failed: if any state often fails, they do."""


@dataclass(frozen=True)
class Asked:
    """One attempt of a task, and its answer: the result, or the error."""

    state: str
    action: str
    arguments: Any
    answer: Any
    second: float


@dataclass(frozen=True)
class Temper:
    """How the services behave in one execution: rates of errors and of time-outs.

    The tasks of the `sore` states often fail, or always. Those of the state `stuck` answer as they did the first time.
    The execution is stopped during the first task of the state `stopped`, and redriven.
    """

    errors: float
    hangs: float
    sore: Mapping[str, float]
    stuck: str | None
    stopped: str | None

    @classmethod
    def of(cls, seed: str, states: Collection[str]) -> Temper:
        rng = random.Random(seed)  # noqa: S311 - a walk that repeats
        errors = rng.choice((0.0, 0.02, 0.02, 0.1, 0.4))
        hangs = rng.choice((0.0, 0.0, 0.02, 0.2))
        sore: dict[str, float] = {}
        if rng.random() < 0.5:
            drawn = [*rng.sample(sorted(states), 4), *RARE.intersection(states)]
            sore = dict.fromkeys(drawn, rng.choice((0.5, 1.0)))
        stuck, stopped = (rng.choice(sorted(states)) if rng.random() < share else None for share in (0.1, 0.4))
        return cls(errors, hangs, sore, stuck, stopped)

    def fails(self, state: str, rng: random.Random) -> bool:
        """Whether the next task of a state fails."""
        return rng.random() < self.sore.get(state, self.errors)


class RandomTasks:
    """The answers depend on the seed, the state and the number of the attempt, and not on what other states answered.

    So two executions of a seed differ only by `fixed`: states whose tasks all fail (True) or succeed (False) at once.
    With `real`, the functions' own handlers answer, on AWS clients that answer at random.
    """

    def __init__(
        self,
        seed: str,
        machine: Mapping[str, Any],
        arn: str,
        clock: VirtualClock,
        fixed: Mapping[str, bool],
        real: bool = False,
    ) -> None:
        self.asked: list[Asked] = []
        self._seed, self._clock, self._fixed, self._real = seed, clock, fixed, real
        self._began = clock.now()
        tasks = {name for name, state in machine["States"].items() if state["Type"] == "Task"}
        self._temper = Temper.of(seed, tasks)
        self._attempts: Counter[str] = Counter()
        self.stop: Callable[[], object] | None = None
        """Stops the execution; None once it was stopped."""
        self._run: Mapping[str, Any] = {}
        self._services = Answers(lambda: self._run, clock.now, arn)

    def run(self, task: Task) -> Any:
        if self.stop is not None and task.state == self._temper.stopped:
            stop, self.stop = self.stop, None
            stop()
        action = _action(task.resource)
        try:
            answer = self._answer(task)
        except StatesError as error:
            self._remember(task, action, error)
            raise
        self._remember(task, action, answer)
        if task.state == "CheckData":
            self._run = answer
        return json.loads(json.dumps(answer))

    def _remember(self, task: Task, action: str, answer: Any) -> None:
        second = (self._clock.now() - self._began).total_seconds()
        self.asked.append(Asked(task.state, action, task.arguments, answer, second))

    def _answer(self, task: Task) -> Any:
        if task.state in self._fixed:
            if self._fixed[task.state]:
                raise AT_ONCE
            return {}
        if self._temper.stuck != task.state:
            self._attempts[task.state] += 1
        rng = random.Random(f"{self._seed} {task.state} {self._attempts[task.state]}")  # noqa: S311
        hangs, fails = rng.random() < self._temper.hangs, self._temper.fails(task.state, rng)
        waits = task.resource.endswith((".sync", ".waitForTaskToken"))
        if waits and not fails:
            task.submitted({})
        seconds = rng.choice((0, 0.2, 3))
        if waits and not fails and task.timeout_seconds:
            seconds += rng.choice((0, 300, task.timeout_seconds - 4))
        self._take(task, FOREVER if hangs else seconds)
        return self._result(task, rng, fails)

    def _take(self, task: Task, seconds: float) -> None:
        self._clock.wait(seconds, task.abandoned)
        if task.abandoned.is_set():
            raise TIMED_OUT

    def _result(self, task: Task, rng: random.Random, fails: bool) -> Any:
        if ":lambda:" in task.resource:
            if self._real and task.state in handlers.HANDLERS:
                share = self._temper.sore.get(task.state, self._temper.errors)
                return handlers.call(task.state, task.arguments, self._services, rng, share)
            if fails:
                raise failures.of_function(rng)
            return function_answers.ANSWERS[task.state](task.arguments, rng)
        *_, service, action = task.resource.removesuffix(".waitForTaskToken").removesuffix(".sync").split(":")
        self._services.requests[action] = task.arguments
        if fails:
            raise failures.of_service(service, action, rng, optimized="aws-sdk" not in task.resource)
        if task.resource.endswith(".waitForTaskToken"):
            return self._by_token(rng)
        if task.resource.endswith(".sync"):
            event = self._services.event(rng)
            if event["TrainingJobStatus"] != "Completed":
                raise StatesError("States.TaskFailed", json.dumps(event))
            return event
        return self._services.answer(service, action, task.arguments, rng)

    def _by_token(self, rng: random.Random) -> Any:
        if rng.random() < 0.1:
            raise failures.of_token(rng)
        return function_answers.approval(rng)


def _action(resource: str) -> str:
    """`createEndpoint`, or for a function its name."""
    return resource.rpartition(":")[2]
