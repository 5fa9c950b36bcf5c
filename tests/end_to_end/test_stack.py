"""The applied stack: Terraform creates the resources that the driver looks for, and there is no drift."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.aws import executions
from tests.support.end_to_end.deployed import Deployed, merge
from tests.support.waiting import until


def test_the_driver_knows_the_names_that_terraform_gave(stack: Deployed) -> None:
    outputs = stack.terraform.outputs()
    assert stack.stack.bucket == outputs["bucket"]
    assert stack.stack.data_prefix == outputs["data_prefix"]
    assert stack.stack.endpoint == outputs["endpoint"]
    assert stack.stack.state_machine_arn == outputs["state_machine_arn"]
    assert stack.stack.watermark_parameter == outputs["watermark_parameter"]


def test_a_second_plan_is_empty(stack: Deployed) -> None:
    assert stack.terraform.drift() == ""


@pytest.fixture
def every_minute(stack: Deployed) -> Deployed:
    """The stack with a schedule of one run per minute, changed as a team would: in the file, and then applied."""
    merge(stack, stack.ref.path.read_text().replace("rate(1 day)", "rate(1 minute)"))
    return stack


def test_a_schedule_of_one_minute_really_fires(every_minute: Deployed) -> None:
    before = set(runs_of(every_minute))
    until(lambda: set(runs_of(every_minute)) > before)
    arn = (set(runs_of(every_minute)) - before).pop()
    every_minute.finish(arn)
    described = every_minute.aws.stepfunctions.describe_execution(executionArn=arn)
    event: dict[str, Any] = json.loads(described["input"])
    assert event["source"] == "refit.schedule"
    assert event["detail"] == {}
    assert event["time"].endswith("Z")
    # The test's days are before this minute's window, or in it. Either way the run must succeed.
    assert executions.state(every_minute.aws, arn).outcome in {"NoNewData", "Deployed"}


def runs_of(stack: Deployed) -> list[str]:
    return executions.recent(stack.aws, stack.stack.state_machine_arn, limit=100)
