"""The cost of a run: its transitions and calls at the prices in a table; unknown if the table lacks a price."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from refit.artifacts import state_machine
from refit.costs.estimate import HOURS_PER_MONTH, estimate
from refit.costs.prices import PRICES, Prices
from refit.costs.transitions import count
from tests.support.definitions import pipeline


def test_a_run_costs_its_training_its_transitions_and_its_lambda_calls() -> None:
    table = Prices({"ml.m5.xlarge": 0.6}, {"ml.m5.large": 0.1}, 0.001, 0.002, 0.004, 0.3, 1_000)
    chosen = pipeline(training={"instance_count": 2, "max_runtime_minutes": 120}, endpoint={"instance_count": 3})
    cost = estimate(chosen, state_machine.render(chosen), table, "us-west-2")
    assert cost.training == pytest.approx(2 * 0.6 * 5 / 60)
    assert cost.polls == 13  # 5 and 8 minutes, polled every minute
    steps = count(json.loads(state_machine.render(chosen)))
    assert cost.transitions == steps.base + 3 * 13
    calls = steps.base_tasks + 13
    assert cost.orchestration == pytest.approx(cost.transitions * (0.001 + 0.006) + calls * (0.002 + 0.004 * 0.5))
    assert cost.second_fleet == pytest.approx(3 * 0.1 * 8 / 60)
    assert cost.run == pytest.approx(cost.training + cost.orchestration + cost.second_fleet)
    assert cost.run_at_most == pytest.approx(2 * 0.6 * 2 + cost.orchestration + cost.second_fleet)
    assert cost.alarms_month == pytest.approx(4 * 0.3)
    assert cost.endpoint_month == pytest.approx(3 * 0.1 * HOURS_PER_MONTH)
    assert cost.unknown == ()


def test_the_assumptions_are_said() -> None:
    said = "; ".join(
        estimate(pipeline(), state_machine.render(pipeline()), PRICES["us-west-2"], "us-west-2").assumptions
    )
    for assumption in (
        *(
            "5 minutes of training",
            "8 minutes of deployment",
            "1 instance beside the live ones",
            "none during the first",
        ),
        *("13 status checks", "60 s apart", "6 kB of logs", "730 hours", "4 alarms", "no free tier"),
    ):
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


@pytest.mark.parametrize("price", ["alarm_month", "log_gb", "state_transition"])
def test_a_price_that_is_unknown_makes_only_what_needs_it_unknown(price: str) -> None:
    cost = estimate(pipeline(), state_machine.render(pipeline()), replace(PRICES["us-west-2"], **{price: None}), "x")
    assert (cost.alarms_month is None, cost.run is None) == (price == "alarm_month", price != "alarm_month")
    assert cost.unknown == (f"the price {price} in x",)


@pytest.mark.parametrize(
    ("deployment", "alarms"),
    [({}, 4), ({"strategy": "canary"}, 5), ({"strategy": "rolling", "alarms": ("mine",)}, 5)],
)
def test_a_deployment_in_steps_has_an_alarm_of_its_own(deployment: dict[str, object], alarms: int) -> None:
    chosen = pipeline(endpoint={"instance_count": 4, "deployment": deployment})
    cost = estimate(chosen, state_machine.render(chosen), PRICES["us-west-2"], "us-west-2")
    assert cost.alarms_month == pytest.approx(0.1 * alarms)
    assert f"{alarms} alarms" in cost.assumptions[-2]


def test_a_longer_deployment_is_polled_more_often() -> None:
    waits = pipeline(
        endpoint={"instance_count": 4, "deployment": {"strategy": "canary", "wait_seconds": 600}},
    )
    assert estimate(waits, state_machine.render(waits), None, None).polls == 5 + 8 + 10
