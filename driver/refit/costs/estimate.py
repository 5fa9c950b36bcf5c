"""What a run and an endpoint will cost, from a pipeline, its rendered state machine and a price table. Pure.

Every number rests on assumptions, which are part of the answer. A price that is not known stays unknown.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

from driver.pipeline import Pipeline
from driver.prices import Prices

TRAINING_MINUTES = 5
"""From the start of a training job to its end, all of it billed. SageMaker alone knows the truth, afterwards."""
DEPLOYMENT_MINUTES = 8
LAMBDA_SECONDS = 1.0
LAMBDA_GB, GATE_GB = 0.5, 1.0
"""The largest memory that terraform/modules/functions gives to one of the Lambdas, without a gate and with one."""
HOURS_PER_MONTH = 730

POLLING = (
    "StartTrainingJob",
    "CheckStatusWait",
    "JobCompleted",
    "EvaluateModel",
    "AwaitApproval",
    "DeployModel",
    "CheckStatusWait",
    "DeploymentCompleted",
    "UpdateParameters",
    "CleanUp",
    "Deployed",
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
    "Deployed",
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


@dataclass(frozen=True)
class Cost:
    """US dollars; None is unknown. `run` is one run that trains and deploys; `run_at_most` has the longest training."""

    transitions: int
    polls: int
    training: float | None
    orchestration: float | None
    run: float | None
    run_at_most: float | None
    endpoint_month: float | None
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...]


def estimate(pipeline: Pipeline, definition: str, prices: Prices | None, region: str | None) -> Cost:
    """The cost of a run of `pipeline` with the rendered `definition`; `prices` are its region's, None for no such."""
    known = prices or Prices()
    steps = count(json.loads(definition))
    polls = looks(steps, pipeline.poll_interval_seconds)
    transitions = steps.base + steps.poll * polls
    calls = steps.base_tasks + steps.poll_tasks * polls

    hour = _times(known.training_hour.get(pipeline.training.instance_type), pipeline.training.instance_count)
    training = _times(hour, TRAINING_MINUTES / 60)
    longest = _times(hour, pipeline.training.max_runtime_minutes / 60)
    gigabytes = GATE_GB if pipeline.gate else LAMBDA_GB
    call = _plus(known.lambda_request, _times(known.lambda_gb_second, LAMBDA_SECONDS * gigabytes))
    orchestration = _plus(_times(known.state_transition, transitions), _times(call, calls))
    serving = _times(known.endpoint_hour.get(pipeline.endpoint.instance_type), pipeline.endpoint.instance_count)
    return Cost(
        transitions=transitions,
        polls=polls,
        training=training,
        orchestration=orchestration,
        run=_plus(training, orchestration),
        run_at_most=_plus(longest, orchestration),
        endpoint_month=_times(serving, HOURS_PER_MONTH),
        assumptions=(
            f"a training job of {TRAINING_MINUTES} minutes, all billed, and a deployment of {DEPLOYMENT_MINUTES}",
            f"{steps.base} state transitions, and {steps.poll} for each of {polls} looks, {_apart(steps, pipeline)}",
            f"{calls} Lambda calls of {LAMBDA_SECONDS:g} s with {gigabytes:g} GB",
            f"an endpoint that runs {HOURS_PER_MONTH} hours a month",
            "no retries, no storage, no data transfer, no free tier",
        ),
        unknown=tuple(_unknown(pipeline, prices, region)),
    )


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


def _apart(steps: Steps, pipeline: Pipeline) -> str:
    interval = pipeline.poll_interval_seconds
    return f"{interval} s apart" if steps.waits > 1 else f"the first after {interval} s, the others ever later"


def _unknown(pipeline: Pipeline, prices: Prices | None, region: str | None) -> Iterator[str]:
    if region is None:
        yield "the region, and so every price"
    elif prices is None:
        yield f"the prices of {region}"
    else:
        if pipeline.training.instance_type not in prices.training_hour:
            yield f"the price of training on {pipeline.training.instance_type} in {region}"
        if pipeline.endpoint.instance_type not in prices.endpoint_hour:
            yield f"the price of serving on {pipeline.endpoint.instance_type} in {region}"
        for name in ("state_transition", "lambda_request", "lambda_gb_second"):
            if getattr(prices, name) is None:
                yield f"the price {name} in {region}"


def _times(price: float | None, quantity: float) -> float | None:
    return None if price is None else round(price * quantity, 8)


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else round(one + other, 8)


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
