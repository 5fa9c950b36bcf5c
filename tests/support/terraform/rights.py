"""Reads the IAM policies in a plan, and lists the ARNs that they contain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.support.terraform.planner import Plan

Statement = dict[str, Any]

REGION, ACCOUNT = "us-west-2", "000000000000"
BUCKET = f"arn:aws:s3:::home-prices-{ACCOUNT}-{REGION}"
RUNS = f"{BUCKET}/runs/home-prices"
LEASE = f"{RUNS}/lease.json"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
SAGEMAKER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/refit-home-prices-sagemaker"
SCHEDULE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/refit-home-prices-schedule"
STATE_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:refit-home-prices"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
WATERMARK, LAST_RUN, HOLD = (f"{PARAMETER}/models/home-prices/{name}" for name in ("train/latest", "train/run", "hold"))
JOB, MODEL, CONFIG = (
    f"{SAGEMAKER}:{kind}/home-prices-????????-????????" for kind in ("training-job", "model", "endpoint-config")
)
ENDPOINT = f"{SAGEMAKER}:endpoint/home-prices"

STATES = "module.state_machine.aws_iam_role_policy.this"
INVOKE = "module.state_machine.aws_iam_role_policy.invoke"
TRAINING = "module.sagemaker_role[0].aws_iam_role_policy.this"


def address(function: str) -> str:
    """The address of the policy of a Lambda function in a plan."""
    return f'module.functions.aws_iam_role_policy.this["{function}"]'


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def statements(plan: Plan) -> Iterator[tuple[str, Statement]]:
    """Every statement of every role of the stack, with the policy's address."""
    for where, policy in plan.resources("aws_iam_role_policy").items():
        for statement in json.loads(policy["policy"])["Statement"]:
            yield where, statement


def granted(plan: Plan, policy: str) -> set[tuple[str, str]]:
    """The (action, resource) pairs that one policy allows, except those for its logs."""
    return {
        (action, resource)
        for where, statement in statements(plan)
        if where == policy and statement["Sid"] not in ("WriteLogs", "DeliverLogs")
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def of_function(plan: Plan, key: str) -> set[tuple[str, str]]:
    return granted(plan, address(key))


def each(actions: str, *resources: str) -> set[tuple[str, str]]:
    """The pairs of every action of a service ("ssm: GetParameter PutParameter") with every resource."""
    service, names = actions.split(":")
    return {(f"{service}:{name}", resource) for name in names.split() for resource in resources}


def trust(plan: Plan) -> dict[str, Statement]:
    """The statement of each role's trust policy, by the role's name."""
    return {
        role["name"]: statement
        for role in plan.resources("aws_iam_role").values()
        for statement in json.loads(role["assume_role_policy"])["Statement"]
    }
