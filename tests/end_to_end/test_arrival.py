"""Arriving data starts a run, and missing data is reported. The tests run in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from refit.aws import executions
from refit.data import csv_rows
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply
from tests.support.waiting import until

FILE = """\
pipeline = "arriving-prices"
region   = "us-west-2"
schedule = { enabled = false }
arrival  = { quiet_minutes = 10, max_wait_minutes = 30 }
data     = {
  prefix           = "data/arriving-prices/train/"
  layout           = "year=%Y/month=%m/day=%d/"
  feature_dim      = 13
  stale_after_days = 3
}
window   = { days = 7, min_days = 1 }
training = { hyperparameters = { mini_batch_size = "30" } }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }
poll_interval_seconds = 1
force_destroy         = true
"""
PARTS = 24
TODAY = datetime.now(UTC).date()
SCALE = 0.05
"""How many seconds a second of a schedule lasts that is deleted when it has fired. Ten minutes are half a minute: time
to look while the schedule exists, also on a busy machine."""


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {"REFIT_LOCAL_SECONDS_SCALE": str(SCALE)}


@pytest.fixture(scope="module")
def arriving(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return apply(cloud, tmp_path_factory.mktemp("arriving"), FILE, name="arriving-prices", days=0)


def put(stack: Deployed, name: str, body: bytes) -> None:
    stack.aws.s3.put_object(Bucket=stack.stack.bucket, Key=f"{stack.stack.data_prefix}{name}", Body=body)


def put_parts(stack: Deployed) -> None:
    """Uploads today's sales, in many objects at once."""
    rows = csv_rows.shuffled(stack.rows, seed=1)
    with ThreadPoolExecutor(8) as pool:
        for part in range(PARTS):
            pool.submit(
                put,
                stack,
                f"year={TODAY:%Y}/month={TODAY:%m}/day={TODAY:%d}/part-{part}.csv",
                csv_rows.body(rows[part::PARTS]),
            )


def runs(stack: Deployed) -> list[str]:
    return executions.recent(stack.aws, stack.stack.state_machine_arn, limit=100)


def schedules(stack: Deployed) -> list[str]:
    """The names of all schedules of the pipeline."""
    scheduler = boto3.client(
        "scheduler",
        region_name=stack.aws.region,
        endpoint_url=stack.cloud.endpoint_url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    listed = scheduler.list_schedules(NamePrefix="refit-arriving-prices")["Schedules"]
    return sorted(each["Name"] for each in listed)


def logged(stack: Deployed) -> str:
    """Everything that the function ObjectArrived has logged."""
    group = f"/aws/lambda/refit-{stack.ref.name}-object-arrived"
    return "".join(event["message"] for event in stack.aws.logs.filter_log_events(logGroupName=group)["events"])


def test_what_is_no_data_plans_nothing(arriving: Deployed) -> None:
    assert schedules(arriving) == ["refit-arriving-prices"]

    def both_are_handled() -> bool:
        """Puts both objects again, because a new rule does not match at once. Of three events one is of the other."""
        put(arriving, "notes.txt", b"1,2\n")
        put(arriving, f"{TODAY}.csv", b"1,2\n")
        return logged(arriving).count("NoData") >= 3

    until(both_are_handled)
    assert schedules(arriving) == ["refit-arriving-prices"]


def test_a_days_many_parts_start_one_run_on_all_of_them(arriving: Deployed) -> None:
    before = datetime.now(UTC)
    put_parts(arriving)
    (arn,) = until(lambda: runs(arriving))
    described = arriving.aws.stepfunctions.describe_execution(executionArn=arn)
    assert described["startDate"] >= before + timedelta(seconds=600 * SCALE - 1)  # dated by the second
    told = json.loads(described["input"])
    assert (told["source"], told["detail"]) == ("refit.arrival", {})

    ended = arriving.finish(arn)
    assert ended.outcome == "Deployed"
    assert ended.document["objects"] == PARTS
    assert ended.document["newest"] == arriving.watermark() == TODAY.isoformat()
    assert runs(arriving) == [arn]
    assert schedules(arriving) == ["refit-arriving-prices"]


def test_the_stack_has_not_drifted_by_what_arrived(arriving: Deployed) -> None:
    assert arriving.terraform.drift() == ""


def test_data_that_stays_away_is_told_of(arriving: Deployed) -> None:
    ended = arriving.run(TODAY + timedelta(days=4))
    assert ended.outcome == "NoNewData"
    assert f"The newest data is from {TODAY}: 4 days old." in arriving.said()[-1]
