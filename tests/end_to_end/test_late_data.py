"""Days that change after a model was trained on them, on an applied stack in both orchestrations. Run in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from refit.aws.executions import ExecutionState
from refit.domain.date_ranges import days_in
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, merge

FILE = """\
pipeline = "{name}"
region   = "us-west-2"
schedule = {{ enabled = false }}
data     = {{ prefix = "data/{name}/train/", feature_dim = 13 }}
window   = {{ days = 7, min_days = 2 }}
training = {{ hyperparameters = {{ mini_batch_size = "30" }} }}
slack    = {{ channel = "ml-deployments", token_parameter = "/refit/slack-token" }}
orchestration         = "{orchestration}"
poll_interval_seconds = 1
force_destroy         = true
"""


@pytest.fixture(scope="module", params=["direct", "polling"])
def applied(request: Any, cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline with either orchestration and four days of data, of which the second has not arrived yet."""
    name = f"{request.param}-late"
    text = FILE.format(name=name, orchestration=request.param)
    deployed = apply(cloud, tmp_path_factory.mktemp("checkout"), text, name=name, days=4)
    withdraw(deployed, deployed.days[1])
    return deployed


def withdraw(stack: Deployed, day: date) -> None:
    stack.aws.s3.delete_object(Bucket=stack.stack.bucket, Key=f"{stack.stack.data_prefix}{day}.csv")


def retrained(stack: Deployed, ending: ExecutionState, change: str) -> None:
    """Asserts that a run deploys a model because of that change only, and reports it; the watermark does not move."""
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    assert ending.reason.endswith(f"; {change}")
    newest = stack.days[-1].isoformat()
    assert (ending.document["newest"], stack.watermark()) == (newest, newest)
    assert not ending.document["parameters"]["advanced"]
    assert stack.endpoint()["EndpointConfigName"] == ending.document["name"]
    assert f"No newer day: {ending.reason}." in stack.said()[-1]


def unchanged(stack: Deployed) -> ExecutionState:
    """Asserts that a run finds nothing new, and changes nothing."""
    jobs, config = stack.jobs(), stack.endpoint()["EndpointConfigName"]
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NoNewData"), ending.reason
    assert (stack.jobs(), stack.endpoint()["EndpointConfigName"]) == (jobs, config)
    return ending


def test_by_itself_a_pipeline_retrains_for_a_newer_day_alone(stack: Deployed) -> None:
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    stack.correct(stack.days[2], times=1.5)
    unchanged(stack)


def test_with_any_change_it_finds_what_was_corrected_even_before_it_was_asked_to_look(stack: Deployed) -> None:
    merge(stack, f'{stack.ref.path.read_text()}retrain_on = "any_change"\n')
    before = stack.prices(stack.rows[:5])
    retrained(stack, stack.run(), f"corrected: {stack.days[2]}")
    assert stack.prices(stack.rows[:5]) != before


def test_the_same_data_is_trained_on_once(stack: Deployed) -> None:
    assert "nothing new" in unchanged(stack).reason
    stack.correct(stack.days[2], times=1.5)
    unchanged(stack)


def test_a_day_that_comes_late_is_trained_on(stack: Deployed) -> None:
    stack.correct(stack.days[1])
    ending = stack.run()
    retrained(stack, ending, f"late: {stack.days[1]}")
    assert stack.days[1] in days_in(ending.document["days"]["train"])


def test_several_changes_are_one_training(stack: Deployed) -> None:
    withdraw(stack, stack.days[0])
    for day in stack.days[1:3]:
        stack.correct(day, times=1.1)
    retrained(stack, stack.run(), f"corrected: {stack.days[1]} to {stack.days[2]}; gone: {stack.days[0]}")
    unchanged(stack)


def test_a_window_that_moves_on_changes_nothing(stack: Deployed) -> None:
    jobs = stack.jobs()
    ending = stack.run(day=date(2026, 11, 8))
    assert ending.outcome == "NoNewData", ending.reason
    assert ending.document["window"] == {"start": "2026-11-02", "end": "2026-11-08"}
    assert stack.jobs() == jobs
