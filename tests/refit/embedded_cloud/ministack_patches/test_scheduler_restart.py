"""A one-time schedule that is due while the cloud is down fires after it is up again, and none fires twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3

from refit.embedded_cloud import lifecycle
from tests.support.embedded_cloud.succeeding import definition
from tests.support.waiting import until


def client(cloud: lifecycle.Cloud, service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=cloud.endpoint_url, region_name=cloud.region, **keys)


def start(state_dir: Path, scale: str) -> lifecycle.Cloud:
    return lifecycle.start(state_dir, 0, extra_env={"REFIT_LOCAL_SECONDS_SCALE": scale})


def machine(cloud: lifecycle.Cloud, name: str) -> tuple[str, str]:
    """A state machine that succeeds, and a role with which a schedule may start it."""
    iam = client(cloud, "iam")
    services = ["states.amazonaws.com", "scheduler.amazonaws.com"]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": "*"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="start", PolicyDocument=policy(allowed))
    created = client(cloud, "stepfunctions").create_state_machine(name=name, definition=definition(), roleArn=role)
    return created["stateMachineArn"], role


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def plan(cloud: lifecycle.Cloud, target: tuple[str, str], expression: str, **fields: Any) -> None:
    client(cloud, "scheduler").create_schedule(
        Name=target[0].rpartition(":")[2],
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target[0], "RoleArn": target[1], "Input": "{}"},
        **fields,
    )


def at(seconds: float) -> str:
    return f"at({(datetime.now(UTC) + timedelta(seconds=seconds)).strftime('%Y-%m-%dT%H:%M:%S')})"


def executions(cloud: lifecycle.Cloud, target: tuple[str, str]) -> list[Any]:
    found: list[Any] = client(cloud, "stepfunctions").list_executions(stateMachineArn=target[0])["executions"]
    return found


def test_a_planned_arrival_that_was_due_while_the_cloud_was_down_fires(state_dir: Path) -> None:
    cloud = start(state_dir, scale="1")
    target = machine(cloud, "arrival")
    plan(cloud, target, at(3600), ActionAfterCompletion="DELETE")
    lifecycle.stop(state_dir)
    # Without a scale, the hour is over.
    cloud = start(state_dir, scale="0")
    assert until(lambda: executions(cloud, target))
    assert client(cloud, "scheduler").list_schedules()["Schedules"] == []


def test_a_schedule_that_has_fired_does_not_fire_again(state_dir: Path) -> None:
    cloud = start(state_dir, scale="1")
    once, control = machine(cloud, "once"), machine(cloud, "control")
    plan(cloud, once, at(2))
    before = len(until(lambda: executions(cloud, once)))
    lifecycle.stop(state_dir)
    cloud = start(state_dir, scale="1")
    plan(cloud, control, "rate(1 day)")
    until(lambda: executions(cloud, control))
    assert len(executions(cloud, once)) == before
