"""Guarded deployments on the embedded cloud, with their own pipeline. The tests run in order."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from refit.demo.traffic import Traffic
from refit.embedded_cloud import faults, lifecycle
from tests.support.end_to_end.deployed import Deployed, apply
from tests.support.waiting import until

ALARM = "refit-guarded-prices-endpoint-errors"
FILE = """\
pipeline = "guarded-prices"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/guarded-prices/train/", feature_dim = 13 }
training = { hyperparameters = { mini_batch_size = "30" } }
endpoint = {
  instance_count = 4
  deployment     = { strategy = "canary", batch_percent = 25, wait_seconds = 300, termination_wait_seconds = 60 }
}
poll_interval_seconds = 1
force_destroy         = true
"""


@pytest.fixture(scope="module")
def guarded(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline: built, applied, and deployed once."""
    deployed = apply(cloud, tmp_path_factory.mktemp("guarded"), FILE, name="guarded-prices")
    faults.clear(cloud)
    deployed.new_day()
    first = deployed.run()
    assert first.outcome == "Deployed", first.reason
    assert first.document["deployment"]["action"] == "created"
    return deployed


@pytest.fixture
def ringing(guarded: Deployed) -> Iterator[None]:
    """Sets the stack's own alarm to ALARM, and to OK after the test."""
    _set_alarm(guarded, "ALARM")
    yield
    _set_alarm(guarded, "OK")


def _set_alarm(stack: Deployed, state: str) -> None:
    boto3.client(
        "cloudwatch",
        region_name=stack.aws.region,
        endpoint_url=stack.cloud.endpoint_url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).set_alarm_state(AlarmName=ALARM, StateValue=state, StateReason="a test")


def test_a_canary_moves_the_traffic_without_losing_a_request(guarded: Deployed) -> None:
    before, day = guarded.endpoint()["EndpointConfigName"], guarded.new_day()
    with Traffic(guarded.connect(attempts=1), guarded.stack.endpoint, guarded.rows[0].features) as traffic:
        until(lambda: traffic.answers)
        ending = guarded.run()
        asked = traffic.requests
        until(lambda: traffic.requests > max(50, asked + 1))

    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    found = guarded.endpoint()
    assert found["EndpointConfigName"] == ending.document["name"] != before
    assert found["LastDeploymentConfig"]["AutoRollbackConfiguration"] == {"Alarms": [{"AlarmName": ALARM}]}
    assert guarded.watermark() == str(day)
    assert traffic.failures == []
    assert len(traffic.answers) == 2


@pytest.mark.usefixtures("ringing")
def test_an_alarm_that_rings_takes_the_old_model_back_and_the_watermark_stays(guarded: Deployed) -> None:
    before, watermark = guarded.endpoint()["EndpointConfigName"], guarded.watermark()
    price = guarded.prices(guarded.rows[:1])
    guarded.new_day()
    ending = guarded.run()

    assert (ending.status, ending.outcome) == ("FAILED", "DeploymentFailed"), ending.reason
    assert f"rolled back: guarded-prices serves {before}, not {ending.document['name']}" in ending.reason
    assert ALARM in ending.reason
    assert (guarded.endpoint()["EndpointConfigName"], guarded.watermark()) == (before, watermark)
    assert guarded.prices(guarded.rows[:1]) == price


def test_once_it_is_quiet_the_next_run_deploys(guarded: Deployed) -> None:
    ending = guarded.run()
    assert ending.outcome == "Deployed", ending.reason
    assert guarded.watermark() == str(guarded.days[-1])


def test_the_applied_stack_is_what_the_file_says(guarded: Deployed) -> None:
    assert guarded.terraform.drift() == ""
