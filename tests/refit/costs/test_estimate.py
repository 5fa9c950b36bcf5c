"""The cost of a run: transitions counted on the rendered graph, prices from a table, unknown if the table has none."""

import json
from pathlib import Path
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.costs import prices
from refit.costs.estimate import HOURS_PER_MONTH, estimate
from refit.costs.prices import PRICES, Prices
from refit.costs.transitions import Steps, count, poll_count
from refit.errors import RefitError
from refit.pipeline.model import Pipeline


def pipeline(**fields: Any) -> Pipeline:
    least = {
        "pipeline": "prices",
        "data": {"prefix": "data/prices/", "feature_dim": 13},
        "orchestration": "polling",
    }
    return Pipeline.model_validate(least | fields)


def walk(definition: dict[str, Any], looks: int) -> list[str]:
    """The states of a run that deploys, taken as the run document decides: `looks` of both waits together."""
    path, state = [], definition["StartAt"]
    sections, polls = set[str](), 0
    while True:
        path.append(state)
        match state:
            case "CheckData":
                state = "CheckDataBranch"
            case "CheckDataBranch":
                state = "StartTrainingJob"
            case "StartTrainingJob" | "DeployModel" | "UpdateParameters":
                sections.add(state)
                state = definition["States"][state]["Next"]
            case "NotifySlackBranch":
                state = "CleanUp" if "UpdateParameters" in sections else "CheckStatusWait"
            case "CheckStatusBranch":
                polls += 1
                if "DeployModel" in sections:
                    state = "DeploymentCompleted" if polls == looks else "CheckStatusWait"
                else:
                    state = "JobCompleted" if polls == looks // 2 else "CheckStatusWait"
            case "OutcomeBranch":
                state = "Deployed"
            case "Deployed":
                return path
            case _:
                state = definition["States"][state]["Next"]


@pytest.mark.parametrize("seen", [2, 4, 30])
def test_the_count_is_that_of_a_run_that_walks_the_graph(seen: int) -> None:
    definition = json.loads(state_machine.render(pipeline()))
    steps, path = count(definition), walk(definition, seen)
    assert steps.base + steps.poll * seen == len(path)
    tasks = [state for state in path if "_arn}" in definition["States"][state].get("Resource", "")]
    assert steps.base_tasks + steps.poll_tasks * seen == len(tasks)
    assert steps.poll == 3


def test_a_run_of_direct_orchestration_calls_no_lambda_to_look() -> None:
    steps = count(json.loads(state_machine.render(pipeline(orchestration="direct"))))
    assert steps == Steps(base=28, poll=3, base_tasks=5, poll_tasks=0, waits=1)
    assert poll_count(steps, 60, (60, 8)) == 5  # after 1, 3, 5, 7 and 9 minutes


def test_a_gate_and_an_approval_are_counted() -> None:
    plain = count(json.loads(state_machine.render(pipeline())))
    gated = count(json.loads(state_machine.render(pipeline(gate={"metric": "train:mse", "max": 60}, approval={}))))
    # EvaluateModel and its branch; NotifySlack and its branch, AwaitApproval and its branch.
    assert (gated.base - plain.base, gated.base_tasks - plain.base_tasks) == (6, 2)


def test_a_run_costs_its_training_its_transitions_and_its_lambda_calls() -> None:
    table = Prices({"ml.m5.xlarge": 0.6}, {"ml.m5.large": 0.1}, 0.001, 0.002, 0.004)
    chosen = pipeline(training={"instance_count": 2, "max_runtime_minutes": 120}, endpoint={"instance_count": 3})
    cost = estimate(chosen, state_machine.render(chosen), table, "us-west-2")
    assert cost.training == pytest.approx(2 * 0.6 * 5 / 60)
    assert cost.polls == 13  # 5 and 8 minutes, asked every minute
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
    [("eu-north-1", "the prices of eu-north-1"), (None, "the region, and therefore every price")],
)
def test_without_a_price_table_everything_is_unknown(region: str | None, unknown: str) -> None:
    cost = estimate(pipeline(), state_machine.render(pipeline()), PRICES.get(region or ""), region)
    assert (cost.run, cost.orchestration, cost.endpoint_month) == (None, None, None)
    assert cost.unknown == (unknown,)
    steps = count(json.loads(state_machine.render(pipeline())))
    assert cost.transitions == steps.base + 13 * steps.poll


def test_a_users_prices_replace_and_add_to_ours(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(
        json.dumps(
            {
                "us-west-2": {"training_hour": {"ml.m5.xlarge": 0.1, "ml.new.large": 1}, "state_transition": 0},
                "eu-north-1": {"endpoint_hour": {"ml.m5.large": 0.2}},
            }
        )
    )
    loaded = prices.load(file)
    ours = PRICES["us-west-2"]
    assert loaded["us-west-2"].training_hour == {**ours.training_hour, "ml.m5.xlarge": 0.1, "ml.new.large": 1.0}
    assert (loaded["us-west-2"].state_transition, loaded["us-west-2"].lambda_request) == (0.0, ours.lambda_request)
    assert loaded["eu-north-1"] == Prices(endpoint_hour={"ml.m5.large": 0.2})
    assert loaded["us-east-1"] == ours


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ('{"us-west-2": 1}', "us-west-2 must be an object"),
        ('{"us-west-2": {"training": {}}}', "no price called us-west-2.training"),
        ('{"us-west-2": {"training_hour": 1}}', "us-west-2.training_hour must be an object"),
        ('{"us-west-2": {"training_hour": {"ml.m5.large": "0.1"}}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": -1}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": NaN}}', "must be a price in US dollars"),
        ('{"us-west-2": {"state_transition": true}}', "must be a price in US dollars"),
    ],
)
def test_a_price_file_that_is_none_is_refused_with_an_example(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "prices.json"
    file.write_text(text)
    with pytest.raises(RefitError, match=said) as raised:
        prices.load(file)
    assert raised.value.hint == f"write {prices.FORM}"


def test_a_missing_price_file_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(RefitError, match="No such file"):
        prices.load(tmp_path / "none.json")
