"""The gate on an applied stack, in both orchestrations: the models that it accepts and rejects, and its reasons.

The tests run in order. The window is three days, and the newest is held out. A day with multiplied prices, as from a
wrong currency, yields a bad model by real training.
"""

from __future__ import annotations

from typing import Any

import pytest

from refit.aws.executions import ExecutionState
from refit.data import csv_rows
from refit.domain.formatting import figure
from refit.embedded_cloud import lifecycle
from refit.runs.history import run
from refit.runs.record import Record
from tests.support.end_to_end.deployed import Deployed, apply, merge

pytestmark = pytest.mark.usefixtures("exported")

WRONG, ODD = 3.0, 1.3
"""What the prices of a day are multiplied by: the model is useless, or only worse."""

FILE = """\
pipeline = "{name}"
region   = "us-west-2"
schedule = {{ enabled = false }}
data     = {{ prefix = "data/{name}/train/", feature_dim = 13 }}
window   = {{ days = 3, holdout_days = 1, min_days = 2 }}
training = {{ hyperparameters = {{ mini_batch_size = "30" }} }}
gate     = {{ metric = "validation:mse", max = 60, max_regression = 0.10 }}
slack    = {{ channel = "ml-deployments", token_parameter = "/refit/slack-token" }}
orchestration         = "{orchestration}"
poll_interval_seconds = 1
force_destroy         = true
"""


@pytest.fixture(scope="module", params=["direct", "polling"])
def applied(request: Any, cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline with either orchestration, with three days of data and without runs."""
    name = f"{request.param}-gated"
    text = FILE.format(name=name, orchestration=request.param)
    return apply(cloud, tmp_path_factory.mktemp("checkout"), text, name=name, days=3)


def record(stack: Deployed, ending: ExecutionState) -> Record:
    """The run's record in S3, as `refit history` reads it."""
    (found,) = run(stack.ref, ending.name).runs
    return found


def live_error(stack: Deployed) -> float:
    """The mean squared error of the live model on the newest day, from its endpoint's predictions."""
    rows = stack.sales(stack.days[-1])
    errors = [price - row.label for price, row in zip(stack.prices(rows), rows, strict=True)]
    return sum(error**2 for error in errors) / len(errors)


def models(stack: Deployed) -> list[str]:
    return [model["ModelName"] for model in stack.aws.sagemaker.list_models()["Models"]]


def rejected(stack: Deployed, ending: ExecutionState) -> Any:
    """The evaluation of a run that the gate rejected: its end, message and record say so, and it created no model."""
    assert (ending.status, ending.outcome) == ("FAILED", "ModelRejected"), ending.reason
    judgement = ending.document["evaluation"]
    assert judgement["decision"] == "Rejected"
    assert ending.reason == judgement["reason"]
    described = stack.aws.stepfunctions.describe_execution(executionArn=ending.arn)
    assert (described["error"], described["cause"]) == ("ModelRejected", judgement["reason"])
    assert f"{stack.ref.name}: model rejected\n{judgement['reason']}\nNothing was deployed." in stack.said()[-1]
    assert ending.document["name"] not in models(stack)
    kept = record(stack, ending)
    assert (kept.ended, kept.reason, kept.evaluation) == ("ModelRejected", ending.reason, judgement)
    assert (kept.metrics["validation:mse"], kept.deployment) == (judgement["challenger"], {})
    return judgement


def test_the_first_model_must_keep_the_absolute_limit(stack: Deployed) -> None:
    stack.correct(stack.days[1], WRONG)
    judgement = rejected(stack, stack.run())
    assert judgement["challenger"] > 60
    assert (judgement["champion"], judgement["champion_model"], judgement["rows"]) == (None, None, 0)
    # In one process, the endpoint of the other orchestration exists.
    endpoints = stack.aws.sagemaker.list_endpoints(NameContains=stack.stack.endpoint)["Endpoints"]
    assert endpoints == []
    assert stack.watermark() == "never"


def test_the_first_deployment_is_judged_by_the_absolute_limit_alone(stack: Deployed) -> None:
    stack.correct(stack.days[1], ODD)
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    judgement = ending.document["evaluation"]
    assert (judgement["decision"], judgement["champion"]) == ("Accepted", None)
    said = f"validation:mse is {figure(judgement['challenger'])}: meets max = 60; not compared with a live model"
    assert judgement["reason"] == f"{said}: no model has served yet"
    assert judgement["reason"] in stack.said()[-1]


def test_a_better_model_takes_the_place_of_the_live_one(stack: Deployed) -> None:
    before, _, newest = stack.variant()["ModelName"], stack.new_day(), stack.new_day()
    measured = live_error(stack)
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    judgement = record(stack, ending).evaluation
    assert judgement == ending.document["evaluation"]
    assert judgement["champion"] == pytest.approx(measured)
    assert judgement["challenger"] < judgement["champion"]
    assert (judgement["champion_model"], judgement["rows"]) == (before, 72)
    assert live_error(stack) == pytest.approx(judgement["challenger"])
    assert (stack.variant()["ModelName"], stack.watermark()) == (ending.document["name"], newest.isoformat())
    challenger, champion = figure(judgement["challenger"]), figure(judgement["champion"])
    told = f"mse: challenger {challenger}, champion {champion} ({before}) on 72 held-out rows."
    assert told in stack.said()[-1]


def test_a_model_beyond_the_limit_is_rejected_with_both_numbers(stack: Deployed) -> None:
    live, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    wrong, _ = stack.new_day(), stack.new_day()
    stack.correct(wrong, WRONG)
    judgement = rejected(stack, stack.run())
    assert judgement["challenger"] > 60 > judgement["champion"]
    for number in (judgement["challenger"], judgement["champion"]):
        assert figure(number) in judgement["reason"]
    assert "above max = 60; worse than " in judgement["reason"]
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, watermark)


def test_a_model_worse_than_the_live_one_is_rejected_by_what_that_one_answers(stack: Deployed) -> None:
    live, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    stack.correct(stack.days[-2], ODD)
    judgement = rejected(stack, stack.run())
    assert judgement["champion"] == pytest.approx(live_error(stack))
    assert 1.1 * judgement["champion"] < judgement["challenger"] < 60
    assert (judgement["champion_model"], judgement["rows"]) == (stack.variant()["ModelName"], 72)
    assert judgement["reason"].endswith(" on all 72 held-out rows")
    worst = figure(1.1 * judgement["champion"])
    assert f"meets max = 60; worse than {worst}, the limit for max_regression = 0.1" in judgement["reason"]
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, watermark)


def test_a_rejection_may_move_the_watermark_so_that_the_days_are_not_trained_on_again(stack: Deployed) -> None:
    live, newest = stack.endpoint()["EndpointConfigName"], stack.days[-1].isoformat()
    merge(stack, stack.ref.path.read_text().replace("0.10 }", "0.10, sample_rows = 50, advance_on_reject = true }"))
    ending = stack.run()
    judgement = rejected(stack, ending)
    assert judgement["rows"] == 50
    assert " on 50 held-out rows" in judgement["reason"]
    assert ending.document["parameters"]["advanced"]
    assert f"The watermark is now {newest}." in stack.said()[-1]
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, newest)
    jobs = stack.jobs()
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NoNewData"), ending.reason
    assert "nothing new" in ending.reason
    assert stack.jobs() == jobs


def test_without_a_live_model_the_absolute_limit_alone_decides_and_it_is_said(stack: Deployed) -> None:
    stack.aws.sagemaker.delete_endpoint(EndpointName=stack.stack.endpoint)
    stack.new_day()
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    judgement = record(stack, ending).evaluation
    assert (judgement["decision"], judgement["champion"], judgement["rows"]) == ("Accepted", None, 0)
    gone = f"not compared with a live model: the endpoint {stack.stack.endpoint} does not exist"
    assert judgement["reason"].endswith(f"meets max = 60; {gone}")
    assert judgement["reason"] in stack.said()[-1]
    assert stack.variant()["ModelName"] == ending.document["name"]


def test_a_live_model_that_cannot_predict_the_new_columns_stays_live_unless_the_gate_accepts(stack: Deployed) -> None:
    live, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    narrower = stack.ref.path.read_text().replace("feature_dim = 13", "feature_dim = 12")
    merge(stack, narrower)
    stack.rows = [csv_rows.Row(row.cells[:-1], row.line) for row in stack.rows]
    for day in stack.days[-3:]:
        stack.correct(day)
    judgement = rejected(stack, stack.run(force=True))
    assert (judgement["champion"], judgement["rows"], judgement["champion_model"]) == (None, 0, live)
    assert judgement["incomparable"].startswith("the live model rejected the rows (400): ")
    because = (
        f'could not be compared with the live model {live}, and on_incomparable = "%s": {judgement["incomparable"]}'
    )
    assert judgement["reason"].endswith(because % "reject")
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, watermark)

    merge(stack, narrower.replace("sample_rows = 50", 'on_incomparable = "accept"'))
    ending = stack.run(force=True)
    assert ending.outcome == "Deployed", ending.reason
    judgement = record(stack, ending).evaluation
    assert (judgement["decision"], judgement["champion"]) == ("Accepted", None)
    assert judgement["reason"].endswith(because % "accept")
    assert judgement["reason"] in stack.said()[-1]
    assert stack.variant()["ModelName"] == ending.document["name"]


def test_a_job_that_does_not_report_the_metric_ends_the_run(stack: Deployed) -> None:
    live, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    merged = stack.ref.path.read_text().replace(
        '"validation:mse", max = 60, max_regression = 0.10, on_incomparable = "accept"', '"validation:rmse", max = 60'
    )
    assert merged != stack.ref.path.read_text()
    merge(stack, merged)
    ending = stack.run(force=True)
    assert (ending.status, ending.outcome) == ("FAILED", "EvaluateModelFailed"), ending.reason
    assert ending.reason.startswith("MetricMissing: ")
    assert "reported no finite validation:rmse; its metrics: train:absolute_loss, " in ending.reason
    assert ending.reason in stack.said()[-1]
    assert record(stack, ending).ended == "EvaluateModelFailed"
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, watermark)
