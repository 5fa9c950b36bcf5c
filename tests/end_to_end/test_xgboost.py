"""XGBoost on an applied stack: trained, judged, served, compared and replaced. The tests run in order."""

from __future__ import annotations

import math

import pytest

from refit.aws.inference import invoke
from refit.data.csv_rows import Row
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply

PRICES = """\
pipeline = "boosted-prices"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/boosted-prices/", feature_dim = 13 }
window   = { days = 3, holdout_days = 1, min_days = 2 }

training = {
  algorithm       = "xgboost"
  hyperparameters = { num_round = "60", eta = "0.2", max_depth = "4", subsample = "0.8", seed = "7" }
}

gate                  = { metric = "validation:rmse", max = 8, max_regression = 0.5 }
orchestration         = "direct"
poll_interval_seconds = 1
slack                 = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }
force_destroy         = true
"""


@pytest.fixture(scope="module")
def prices(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline with three days of data and without runs."""
    applied = apply(cloud, tmp_path_factory.mktemp("checkout"), PRICES, name="boosted-prices")
    for _ in range(3):
        applied.new_day()
    return applied


def rmse(stack: Deployed, rows: list[Row]) -> float:
    """The error of the live model on these rows."""
    answers = invoke(stack.aws, stack.stack.endpoint, [row.features for row in rows])
    errors = [(answer.score or 0.0) - row.label for answer, row in zip(answers, rows, strict=True)]
    return math.sqrt(sum(error * error for error in errors) / len(errors))


def test_a_model_is_trained_judged_and_deployed(prices: Deployed) -> None:
    ending = prices.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    judgement = ending.document["evaluation"]
    assert judgement["challenger"] == pytest.approx(rmse(prices, prices.sales(prices.days[-1])), abs=1e-4)
    assert judgement["challenger"] < 8


def test_its_job_is_that_of_awss_image_without_network(prices: Deployed) -> None:
    model = prices.live_model()
    job = prices.aws.sagemaker.describe_training_job(TrainingJobName=model["ModelName"])
    assert job["AlgorithmSpecification"]["TrainingImage"] == (
        "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
    )
    assert job["EnableNetworkIsolation"]
    assert job["HyperParameters"]["objective"] == "reg:squarederror"
    assert {metric["MetricName"] for metric in job["FinalMetricDataList"]} == {"train:rmse", "validation:rmse"}
    events = prices.aws.logs.filter_log_events(
        logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{model['ModelName']}/"
    )["events"]
    assert any(event["message"].startswith("[59]#011train-rmse:") for event in events)


def test_the_next_model_is_compared_with_the_live_one_and_replaces_it(prices: Deployed) -> None:
    newest, before = prices.new_day(), prices.live_model()["ModelName"]
    measured = rmse(prices, prices.sales(newest))
    ending = prices.run()
    assert ending.outcome == "Deployed", ending.reason
    judgement = ending.document["evaluation"]
    assert judgement["champion"] == pytest.approx(measured)
    assert judgement["champion_model"] == before
    assert ending.document["deployment"]["action"] == "updated"
    assert prices.live_model()["ModelName"] == ending.document["name"] != before
