"""Estimates the cost of a run and of an endpoint from a pipeline, its state machine and a price table. Pure.

The result includes the assumptions behind the numbers. If a price is unknown, so is every cost based on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from refit.costs.prices import SINGLE_PRICES, Prices
from refit.costs.second_fleet import deployment_minutes, extra_hours, extra_instances
from refit.costs.transitions import TRAINING_MINUTES, Steps, count, poll_count
from refit.domain import handlers
from refit.domain.formatting import counted
from refit.pipeline.model import Pipeline

LAMBDA_SECONDS = 1.0
CHECK_SECONDS = 60.0
"""An estimate for CheckQuality: it reads about 20 MB a second, and only days that have changed."""
HOURS_PER_MONTH = 730
LOG_KB_PER_TRANSITION = 6
"""An estimate: a state is logged two to four times, each with the run document, and Lambdas log a little.

https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""
RUN_ALARMS = 4
"""The alarms of every stack (terraform/modules/alarms); a deployment that shifts traffic in steps adds one."""


@dataclass(frozen=True)
class Cost:
    """Costs in US dollars; None is unknown. `run` trains and deploys; `run_at_most` assumes the longest training.

    `orchestration` is that of the state transitions, Lambda calls and logs of a run, `second_fleet` that of the
    instances that a deployment adds. The costs of a month do not depend on runs.
    """

    transitions: int
    polls: int
    training: float | None
    training_at_most: float | None
    orchestration: float | None
    second_fleet: float | None
    run: float | None
    run_at_most: float | None
    endpoint_month: float | None
    alarms_month: float | None
    assumptions: tuple[str, ...]
    unknown: tuple[str, ...]


def estimate(pipeline: Pipeline, definition: str, prices: Prices | None, region: str | None) -> Cost:
    """The costs of `pipeline` with the rendered `definition`; `prices` are those of `region`, None if unknown."""
    known = prices or Prices()
    steps = count(json.loads(definition))
    deploying = deployment_minutes(pipeline.endpoint.deployment)
    polls = poll_count(steps, pipeline.poll_interval_seconds, (TRAINING_MINUTES, deploying))
    transitions = steps.base + steps.poll * polls
    calls = steps.base_tasks + steps.poll_tasks * polls

    hour = _times(known.training_hour.get(pipeline.training.instance_type), pipeline.training.instance_count)
    training = _times(hour, TRAINING_MINUTES / 60)
    longest = _times(hour, pipeline.training.max_runtime_minutes / 60)
    checks = sum(handler in handlers.CONTRACT for handler in pipeline.handlers)
    gigabytes = _gigabytes(handler for handler in pipeline.handlers if handler not in handlers.CONTRACT)
    call = _plus(known.lambda_request, _times(known.lambda_gb_second, LAMBDA_SECONDS * gigabytes))
    logs = _times(known.log_gb, transitions * LOG_KB_PER_TRANSITION / 1_000_000)
    check = _plus(known.lambda_request, _times(known.lambda_gb_second, CHECK_SECONDS * _gigabytes(handlers.CONTRACT)))
    lambdas = _plus(_times(call, calls - checks), _times(check, checks))
    orchestration = _plus(_times(known.state_transition, transitions), lambdas, logs)
    instance_hour = known.endpoint_hour.get(pipeline.endpoint.instance_type)
    second_fleet = _times(instance_hour, extra_hours(pipeline.endpoint))
    alarms = RUN_ALARMS + pipeline.endpoint.deployment.guarded
    return Cost(
        transitions=transitions,
        polls=polls,
        training=training,
        training_at_most=longest,
        orchestration=orchestration,
        second_fleet=second_fleet,
        run=_plus(training, orchestration, second_fleet),
        run_at_most=_plus(longest, orchestration, second_fleet),
        endpoint_month=_times(instance_hour, pipeline.endpoint.instance_count * HOURS_PER_MONTH),
        alarms_month=_times(known.alarm_month, alarms),
        assumptions=(
            f"{TRAINING_MINUTES} minutes of training, all billed, and {deploying} minutes of deployment",
            f"{_instances(pipeline)} beside the live ones during the deployment; none during the first",
            f"{steps.base} state transitions, and {steps.poll} for each of {polls} status checks, "
            f"{_intervals(steps, pipeline)}",
            f"{calls - checks} Lambda calls of {LAMBDA_SECONDS:g} s with {gigabytes:g} GB{_check() if checks else ''}",
            f"{LOG_KB_PER_TRANSITION} kB of logs per state transition; the logs of jobs and endpoints are not included",
            f"an endpoint that runs {HOURS_PER_MONTH} hours per month, and {counted(alarms, 'alarm')}",
            "no retries, no storage, no data transfer, no free tier",
        ),
        unknown=tuple(_unknown(pipeline, prices, region)),
    )


def _gigabytes(names: Iterable[str]) -> float:
    return max(handlers.limits(handler).memory_mb for handler in names) / 1024


def _check() -> str:
    return f", and a check of the data of {CHECK_SECONDS:g} s with {_gigabytes(handlers.CONTRACT):.3g} GB"


def _instances(pipeline: Pipeline) -> str:
    return counted(extra_instances(pipeline.endpoint), "instance")


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
        for name in SINGLE_PRICES:
            if getattr(prices, name) is None:
                yield f"the price {name} in {region}"


def _times(price: float | None, quantity: float) -> float | None:
    return None if price is None else round(price * quantity, 8)


def _plus(*prices: float | None) -> float | None:
    known = [price for price in prices if price is not None]
    return round(sum(known), 8) if len(known) == len(prices) else None
