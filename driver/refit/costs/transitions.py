"""Counts the state transitions of a run by walking through the rendered definition. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from refit.domain.outcomes import DEPLOYED, DEPLOYMENT_COMPLETED, JOB_COMPLETED

TRAINING_MINUTES = 5
"""An estimate of the billed time from the start of a training job to its end; SageMaker decides how long it takes."""

DEPLOYMENT_MINUTES = 8
"""An estimate: from UpdateEndpoint to InService on the new config."""

POLLING = (
    "CheckQuality",
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
    "CheckQuality",
    "NotifySlack",
    "StartTrainingJob",
    "DescribeTrainingJob",
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
"""The states that a run passes when it trains and updates the endpoint, in order; not every state machine has all."""

POLL = "CheckStatusWait"
"""The state that every poll enters."""

MAX_WAIT_SECONDS = 120
"""The longest wait between two polls with direct orchestration (asl/budgets.j2)."""


@dataclass(frozen=True)
class Steps:
    """The number of states that a run enters, and of those that call a Lambda: `base` once, `poll` for each poll.

    `waits` is the number of operations that a run polls: the training and the deployment, or only the deployment.
    """

    base: int
    poll: int
    base_tasks: int
    poll_tasks: int
    waits: int


def poll_count(steps: Steps, interval: int, minutes: tuple[int, int] = (TRAINING_MINUTES, DEPLOYMENT_MINUTES)) -> int:
    """The number of polls in a run. The last poll of each wait finds that the job or the deployment has ended.

    `interval` is in seconds, `minutes` are the durations of the training and of the deployment.
    """
    if steps.waits == 1:
        return sum(1 for _ in _growing(interval, 60 * minutes[1]))
    return sum(ceil(60 * each / interval) for each in minutes) if steps.waits else 0


def _growing(seconds: int, until: int) -> Iterator[int]:
    """The waits with direct orchestration: each twice as long as the previous one, up to two minutes."""
    waited, longest = 0, max(seconds, MAX_WAIT_SECONDS)
    while waited < until:
        yield seconds
        waited += seconds
        seconds = min(2 * seconds, longest)


def count(definition: Mapping[str, Any]) -> Steps:
    """Counts the states of a run that trains and deploys, based on the definition itself.

    Step Functions bills a transition each time a state is executed: https://aws.amazon.com/step-functions/pricing/
    """
    states = definition["States"]
    milestones = POLLING if "GetStatus" in states else DIRECT
    stops = [definition["StartAt"], *(name for name in milestones if name in states)]
    path = [stops[0]]
    for here, there in pairwise(stops):
        path += _way(states, here, there)
    loop = _way(states, POLL, POLL) if POLL in states else []
    waits = path.count(POLL)
    return Steps(
        base=len(path) - waits * len(loop),
        poll=len(loop),
        base_tasks=_calls(states, path) - waits * _calls(states, loop),
        poll_tasks=_calls(states, loop),
        waits=waits,
    )


def _way(states: Mapping[str, Any], here: str, there: str) -> list[str]:
    """The shortest path without an error: the states after `here`, up to and including `there`."""
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
    raise ValueError(f"there is no path from {here} to {there}")


def _next(state: Mapping[str, Any]) -> Iterator[str]:
    """The next states if no error occurs: a Catch is not followed, and a Fail state has none."""
    yield from (choice["Next"] for choice in state.get("Choices", ()))
    yield from (state[name] for name in ("Next", "Default") if name in state)


def _calls(states: Mapping[str, Any], names: list[str]) -> int:
    """How many of these states call a Lambda: those whose resource is an ARN that Terraform fills in."""
    return sum(str(states[name].get("Resource", "")).endswith("_arn}") for name in names)
