"""The cost of a run: its transitions and calls at the prices in a table; unknown if the table lacks a price."""

from __future__ import annotations

import json

import pytest

from refit.artifacts import state_machine
from refit.costs.estimate import HOURS_PER_MONTH, estimate
from refit.costs.prices import PRICES, Prices
from refit.costs.transitions import count
from tests.support.definitions import pipeline


def test_a_run_costs_its_training_its_transitions_and_its_lambda_calls() -> None:
    table = Prices({"ml.m5.xlarge": 0.6}, {"ml.m5.large": 0.1}, 0.001, 0.002, 0.004)
    chosen = pipeline(training={"instance_count": 2, "max_runtime_minutes": 120}, endpoint={"instance_count": 3})
    cost = estimate(chosen, state_machine.render(chosen), table, "us-west-2")
    assert cost.training == pytest.approx(2 * 0.6 * 5 / 60)
    assert cost.polls == 13  # 5 and 8 minutes, polled every minute
    steps = count(json.loads(state_machine.render(chosen)))
    assert cost.transitions == steps.base + 3 * 13
    calls = steps.base_tasks + 13
    assert cost.orchestration == pytest.approx(cost.transitions * 0.001 + calls * (0.002 + 0.004 * 0.5))
    assert cost.run == pytest.approx(cost.training + cost.orchestration)
    assert cost.run_at_most == pytest.approx(2 * 0.6 * 2 + cost.orchestration)
    assert cost.endpoint_month == pytest.approx(3 * 0.1 * HOURS_PER_MONTH)
    assert cost.unknown == ()


def test_the_assumptions_are_said() -> None:
    said = "; ".join(
        estimate(pipeline(), state_machine.render(pipeline()), PRICES["us-west-2"], "us-west-2").assumptions
    )
    for assumption in ("5 minutes", "13 status checks", "60 s apart", "730 hours", "no free tier"):
        assert assumption in said


def test_an_unknown_instance_type_is_unknown_and_not_guessed() -> None:
    chosen = pipeline(training={"instance_type": "ml.z9.2xlarge"})
    cost = estimate(chosen, state_machine.render(chosen), PRICES["us-west-2"], "us-west-2")
    assert (cost.training, cost.run, cost.run_at_most) == (None, None, None)
    assert cost.endpoint_month is not None
    assert cost.unknown == ("the price of training on ml.z9.2xlarge in us-west-2",)


@pytest.mark.parametrize(
    ("region", "unknown"),
    [("eu-north-1", "the prices of eu-north-1"), (None, "the region and therefore all prices")],
)
def test_without_a_price_table_everything_is_unknown(region: str | None, unknown: str) -> None:
    cost = estimate(pipeline(), state_machine.render(pipeline()), PRICES.get(region or ""), region)
    assert (cost.run, cost.orchestration, cost.endpoint_month) == (None, None, None)
    assert cost.unknown == (unknown,)
    steps = count(json.loads(state_machine.render(pipeline())))
    assert cost.transitions == steps.base + 13 * steps.poll
