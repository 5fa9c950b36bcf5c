"""Runs seeded random executions of every structure that the rendered state machine can have."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.run import Run
from tests.support.definitions import GATE, VARIANTS, applied, pipeline
from tests.support.executions import EXECUTION_ARN, execution_of
from tests.support.random_walk.inputs import event
from tests.support.random_walk.tasks import Asked, RandomTasks
from tests.support.virtual_clock import VirtualClock

GATES: Mapping[str, Any] = {
    "": None,
    " gate": GATE | {"advance_on_reject": False},
    " gate that advances": GATE,
}
EXTRAS = {
    "polling": ("canary", "own", "everything", "contract"),
    "direct": ("direct-canary", "direct-own", "direct-contract"),
}
"""The variants of `definitions` that change something else."""


def structures(orchestration: str) -> dict[str, Any]:
    """The pipelines of an orchestration: with and without a gate and an approval, and the other variants."""
    found = {
        f"{orchestration}{gate}{' approval' if approval else ''}": pipeline(
            orchestration=orchestration,
            gate=limits,
            approval=approval,
            window={"holdout_days": 1 if limits else 0},
            slack={"channel": "ml", "token_parameter": "/slack"},
        )
        for gate, limits in GATES.items()
        for approval in (None, {})
    }
    return found | {name: VARIANTS[name] for name in EXTRAS[orchestration]}


@cache
def machines(orchestration: str) -> dict[str, dict[str, Any]]:
    """The definitions of `structures`, as on AWS."""
    return {name: json.loads(applied(one)) for name, one in structures(orchestration).items()}


@dataclass(frozen=True)
class Walk:
    """An execution that has ended, with what its tasks were asked and answered."""

    structure: str
    seed: int
    machine: Mapping[str, Any]
    execution: Execution
    asked: list[Asked]

    @property
    def path(self) -> list[str]:
        """The names of the states, in order."""
        entered = (event.get("stateEnteredEventDetails") for event in self.execution.events)
        return [details["name"] for details in entered if details]

    def __str__(self) -> str:
        """What is needed to repeat and to understand it."""
        run = self.execution
        last = self.asked[-1] if self.asked else None
        return "\n".join(
            (
                f"{self.structure}, seed {self.seed}: REFIT_WALK_SEED={self.seed} runs it again",
                f"{run.status} {run.error}: {run.cause}",
                " → ".join(self.path[-40:]),
                f"last task: {last}"[:4000],
            )
        )


def walk(orchestration: str, seed: int, fixed: Mapping[str, bool] = MappingProxyType({}), real: bool = False) -> Walk:
    """The execution of a seed, which decides the structure, the input, and every answer but those that are `fixed`."""
    found = machines(orchestration)
    structure = sorted(found)[seed % len(found)]
    clock = VirtualClock()
    rng = random.Random(f"{structure} {seed}")  # noqa: S311 - a walk that repeats
    execution = execution_of(event(rng), clock)
    tasks = RandomTasks(f"{structure} {seed}", found[structure], EXECUTION_ARN, clock, fixed, real)
    run = Run(found[structure], execution, tasks, clock, rng)
    tasks.stop = run.stop
    run.execute()
    if execution.status == "ABORTED":
        Run(found[structure], execution, tasks, clock, rng).redrive()
    return Walk(structure, seed, found[structure], execution, tasks.asked)


def transitions(one: Walk) -> Iterator[tuple[str, str, str]]:
    """(state, next state, "error" if a catcher led there) of every transition."""
    events = one.execution.events
    source, how = "", ""
    for before, current in pairwise(events):
        if "stateExitedEventDetails" in current:
            source = current["stateExitedEventDetails"]["name"]
            caught = current["type"] == "TaskStateExited" and not before["type"].endswith("Succeeded")
            how = "error" if caught else ""
        elif "stateEnteredEventDetails" in current and source:
            yield source, current["stateEnteredEventDetails"]["name"], how
