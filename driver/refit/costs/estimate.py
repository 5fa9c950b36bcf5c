"""Estimates the cost of a run and of an endpoint from a pipeline, its state machine and a price table. Pure.

The result includes the assumptions behind the numbers. If a price is unknown, so is every cost based on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from refit.costs.prices import Prices
from refit.costs.transitions import DEPLOYMENT_MINUTES, TRAINING_MINUTES, Steps, count, poll_count
from refit.domain import handlers
from refit.pipeline.model import Pipeline

LAMBDA_SECONDS = 1.0
HOURS_PER_MONTH = 730


@dataclass(frozen=True)
class Cost:
    """Costs in US dollars; None is unknown. `run` trains and deploys; `run_at_most` assumes the longest training."""

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
    """The costs of `pipeline` with the rendered `definition`; `prices` are those of `region`, None if unknown."""
    known = prices or Prices()
    steps = count(json.loads(definition))
    polls = poll_count(steps, pipeline.poll_interval_seconds)
    transitions = steps.base + steps.poll * polls
    calls = steps.base_tasks + steps.poll_tasks * polls

    hour = _times(known.training_hour.get(pipeline.training.instance_type), pipeline.training.instance_count)
    training = _times(hour, TRAINING_MINUTES / 60)
    longest = _times(hour, pipeline.training.max_runtime_minutes / 60)
    gigabytes = max(handlers.limits(handler).memory_mb for handler in pipeline.handlers) / 1024
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
            f"{TRAINING_MINUTES} minutes of training, all billed, and {DEPLOYMENT_MINUTES} minutes of deployment",
            f"{steps.base} state transitions, and {steps.poll} for each of {polls} status checks, "
            f"{_intervals(steps, pipeline)}",
            f"{calls} Lambda calls of {LAMBDA_SECONDS:g} s with {gigabytes:g} GB",
            f"an endpoint that runs {HOURS_PER_MONTH} hours per month",
            "no retries, no storage, no data transfer, no free tier",
        ),
        unknown=tuple(_unknown(pipeline, prices, region)),
    )


def _intervals(steps: Steps, pipeline: Pipeline) -> str:
    interval = pipeline.poll_interval_seconds
    return f"{interval} s apart" if steps.waits > 1 else f"the first after {interval} s, then at increasing intervals"


def _unknown(pipeline: Pipeline, prices: Prices | None, region: str | None) -> Iterator[str]:
    if region is None:
        yield "the region and therefore all prices"
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
