"""How many states a run enters, found by a walk through the rendered definition. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from refit.domain.outcomes import DEPLOYED, DEPLOYMENT_COMPLETED, JOB_COMPLETED

TRAINING_MINUTES = 5
"""From the start of a training job to its end, all of it billed. SageMaker alone knows the truth, afterwards."""


DEPLOYMENT_MINUTES = 8


POLLING = (
    "StartTrainingJob",
    "CheckStatusWait",
    JOB_COMPLETED,
    "EvaluateModel",
    "AwaitApproval",
    "DeployModel",
    "CheckStatusWait",
    DEPLOYMENT_COMPLETED,
    "UpdateParameters",
    "CleanUp",
    DEPLOYED,
)


DIRECT = (
    "NotifySlack",
    "StartTrainingJob",
    "EvaluateModel",
    "AwaitApproval",
    "CreateModel",
    "UpdateEndpoint",
    "CheckStatusWait",
    "ReadLease",
    "UpdateParameters",
    "RememberRun",
    "CleanUp",
    DEPLOYED,
)
"""What a run that trains and updates the endpoint comes by, in this order; a state machine may lack some of them."""


POLL = "CheckStatusWait"


MOST_SECONDS = 120


@dataclass(frozen=True)
class Steps:
    """The states that a run enters, and those of them that call a Lambda: `base` once, `poll` for each look.

    `waits` is how many times a run has to look until something is done: for the training, and for the deployment.
    """

    base: int
    poll: int
    base_tasks: int
    poll_tasks: int
    waits: int


def looks(steps: Steps, interval: int, minutes: tuple[int, int] = (TRAINING_MINUTES, DEPLOYMENT_MINUTES)) -> int:
    """How often a run looks: once at least in each wait, and once more after what it waits for has happened."""
    if steps.waits == 1:
        return sum(1 for _ in _growing(interval, 60 * minutes[1]))
    return sum(ceil(60 * each / interval) for each in minutes) if steps.waits else 0


def _growing(seconds: int, until: int) -> Iterator[int]:
    """The waits of direct orchestration, each twice the one before and two minutes at most (asl/states/direct)."""
    waited, most = 0, max(seconds, MOST_SECONDS)
    while waited < until:
        yield seconds
        waited += seconds
        seconds = min(2 * seconds, most)


def count(definition: Mapping[str, Any]) -> Steps:
    """The states of a run that trains and deploys, found in the definition itself.

    Step Functions bills a transition each time a state is executed: https://aws.amazon.com/step-functions/pricing/
    """
    states = definition["States"]
    milestones = POLLING if "GetStatus" in states else DIRECT
    stops = [definition["StartAt"], *(name for name in milestones if name in states)]
    path = [stops[0]]
    for here, there in pairwise(stops):
        path += _way(states, here, there)
    loop = _way(states, POLL, POLL) if POLL in states else []
    looks = path.count(POLL)
    return Steps(
        base=len(path) - looks * len(loop),
        poll=len(loop),
        base_tasks=_calls(states, path) - looks * _calls(states, loop),
        poll_tasks=_calls(states, loop),
        waits=looks,
    )


def _way(states: Mapping[str, Any], here: str, there: str) -> list[str]:
    """The shortest way on which nothing fails: the states after `here`, up to and with `there`."""
    ways = deque([[here]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        for name in _next(states[way[-1]]):
            if name == there:
                return [*way[1:], there]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    raise ValueError(f"no way from {here} to {there}")


def _next(state: Mapping[str, Any]) -> Iterator[str]:
    """Where a state leads without an error: a Catch is not taken, and a Fail leads nowhere."""
    yield from (choice["Next"] for choice in state.get("Choices", ()))
    yield from (state[name] for name in ("Next", "Default") if name in state)


def _calls(states: Mapping[str, Any], names: list[str]) -> int:
    """How many of these states call a Lambda: Terraform fills in its ARN."""
    return sum(str(states[name].get("Resource", "")).endswith("_arn}") for name in names)
