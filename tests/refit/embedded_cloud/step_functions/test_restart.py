"""What is left of state machines and executions after a restart of the cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from refit.embedded_cloud import lifecycle
from tests.support.embedded_cloud.succeeding import definition
from tests.support.waiting import until

WAIT = {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[lifecycle.Cloud]:
    """A cloud that this test may stop."""
    try:
        yield lifecycle.start(tmp_path, port=0)
    finally:
        lifecycle.stop(tmp_path)


def client(cloud: lifecycle.Cloud, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=cloud.endpoint_url, region_name=cloud.region, **keys)


def test_everything_survives_and_a_running_execution_has_failed(own: lifecycle.Cloud) -> None:
    sfn = client(own, "stepfunctions")
    role = client(own, "iam").create_role(RoleName="states", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    tags = [{"key": "a", "value": "b"}]
    arns = [
        sfn.create_state_machine(name=name, definition=definition(states), roleArn=role, tags=tags)["stateMachineArn"]
        for name, states in (("done", None), ("wait", WAIT))
    ]
    done, running = (sfn.start_execution(stateMachineArn=arn)["executionArn"] for arn in arns)
    until(lambda: sfn.describe_execution(executionArn=done)["status"] == "SUCCEEDED")
    described = sfn.describe_execution(executionArn=done)
    history = sfn.get_execution_history(executionArn=done)["events"]

    lifecycle.stop(own.state_dir)
    sfn = client(lifecycle.start(own.state_dir, own.port), "stepfunctions")

    assert [each["name"] for each in sfn.list_state_machines()["stateMachines"]] == ["done", "wait"]
    assert sfn.list_tags_for_resource(resourceArn=arns[0])["tags"] == tags
    again = sfn.describe_execution(executionArn=done)
    assert {**again, "ResponseMetadata": None} == {**described, "ResponseMetadata": None}
    assert sfn.get_execution_history(executionArn=done)["events"] == history
    ended = sfn.describe_execution(executionArn=running)
    assert (ended["status"], ended["error"]) == ("FAILED", "States.Runtime")
    assert ended["cause"] == "The embedded cloud was stopped while this execution was running"
    assert sfn.get_execution_history(executionArn=running, reverseOrder=True)["events"][0]["type"] == "ExecutionFailed"

    lifecycle.stop(own.state_dir)
    sfn = client(lifecycle.start(own.state_dir, own.port), "stepfunctions")
    assert sfn.describe_execution(executionArn=running)["cause"] == ended["cause"]
