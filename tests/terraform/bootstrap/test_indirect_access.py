"""Ways around the permissions: approvals, policies of buckets, functions and roles that name a role, another state."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.support.terraform.account import (
    ACCOUNT,
    BOUNDARY,
    BUCKET,
    DEPLOY,
    REFUSED,
    REGION,
    STATE_BUCKET,
    Account,
    refusal,
)

NAME = "refit-home-prices"
DATA = "data/home-prices/train/2026-12-01.csv"


@pytest.mark.parametrize("role", ["plan_role", "deploy_role"])
def test_neither_role_reads_a_task_token_or_answers_an_approval(
    deployed: Account, role: str, request: pytest.FixtureRequest
) -> None:
    credentials = request.getfixturevalue(role)
    s3, logs = deployed.client("s3", credentials), deployed.client("logs", credentials)
    states = deployed.client("stepfunctions", credentials)
    for file in ("approval", "record"):
        deployed.client("s3").put_object(Bucket=BUCKET, Key=f"runs/home-prices/daily/{file}.json", Body=b"{}")
    execution = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{NAME}:daily"
    denied = {
        refusal(s3.get_object, Bucket=BUCKET, Key="runs/home-prices/daily/approval.json"),
        refusal(states.get_execution_history, executionArn=execution),
        refusal(states.send_task_success, taskToken="token", output="{}"),
        refusal(states.send_task_failure, taskToken="token"),
        refusal(logs.filter_log_events, logGroupName=f"/aws/vendedlogs/states/{NAME}"),
        refusal(logs.get_log_events, logGroupName=f"/aws/vendedlogs/states/{NAME}", logStreamName="any"),
    }
    assert denied <= REFUSED
    assert s3.get_object(Bucket=BUCKET, Key="runs/home-prices/daily/record.json")["Body"].read() == b"{}"
    assert logs.filter_log_events(logGroupName=f"/aws/lambda/{NAME}-check-data")["events"] is not None
    assert refusal(states.describe_execution, executionArn=execution) == "ExecutionDoesNotExist"


def test_the_log_of_the_state_machine_has_no_arguments(deployed: Account) -> None:
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{NAME}"
    described = deployed.client("stepfunctions").describe_state_machine(stateMachineArn=machine)
    logging = described["loggingConfiguration"]
    assert (logging["level"], logging["includeExecutionData"]) == ("ALL", False)


@pytest.fixture
def open_bucket(deployed: Account) -> Iterator[None]:
    """A bucket whose policy allows everything to the deploy role and to a session of a role of the stack."""
    s3 = deployed.client("s3")
    kept = s3.get_bucket_policy(Bucket=BUCKET)["Policy"]
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/refit-named/test"
    everything = {
        "Effect": "Allow",
        "Principal": {"AWS": [DEPLOY, session]},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
    }
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    deployed.client("iam").create_role(
        RoleName="refit-named",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        PermissionsBoundary=BOUNDARY,
    )
    deployed.client("s3").put_object(Bucket=BUCKET, Key=DATA, Body=b"1")
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everything]}))
    try:
        yield
    finally:
        s3.put_bucket_policy(Bucket=BUCKET, Policy=kept)
        deployed.client("iam").delete_role(RoleName="refit-named")


@pytest.mark.usefixtures("open_bucket")
def test_a_bucket_policy_that_names_it_gives_the_deploy_role_no_data(
    deployed: Account, deploy_role: dict[str, str]
) -> None:
    s3 = deployed.client("s3", deploy_role)
    denied = {
        refusal(s3.get_object, Bucket=BUCKET, Key=DATA),
        refusal(s3.put_object, Bucket=BUCKET, Key=DATA, Body=b"1"),
        refusal(s3.delete_object, Bucket=BUCKET, Key=DATA),
        refusal(s3.delete_object, Bucket=BUCKET, Key=DATA, VersionId="null"),
        refusal(s3.delete_bucket, Bucket=BUCKET),
        refusal(s3.delete_bucket_policy, Bucket=BUCKET),
        refusal(s3.put_bucket_acl, Bucket=BUCKET, ACL="public-read"),
    }
    assert denied <= REFUSED


@pytest.mark.usefixtures("open_bucket")
def test_a_bucket_policy_that_names_its_session_lets_no_role_of_a_stack_delete_data(deployed: Account) -> None:
    s3 = deployed.client("s3", deployed.assume("refit-named"))
    assert s3.get_object(Bucket=BUCKET, Key=DATA)["Body"].read() == b"1"
    denied = {
        refusal(s3.delete_object, Bucket=BUCKET, Key=DATA),
        refusal(s3.put_bucket_versioning, Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}),
        refusal(s3.get_object, Bucket=BUCKET, Key="runs/home-prices/daily/approval.json"),
    }
    assert denied <= REFUSED


def test_the_deploy_role_lets_nobody_else_in(deployed: Account, deploy_role: dict[str, str]) -> None:
    iam, functions = deployed.client("iam", deploy_role), deployed.client("lambda", deploy_role)
    sts, events = deployed.client("sts", deploy_role), deployed.client("events", deploy_role)
    trust = {"Effect": "Allow", "Principal": {"AWS": DEPLOY}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    deployed.client("iam").create_role(RoleName="refit-unbounded", AssumeRolePolicyDocument=document)
    function = {"FunctionName": f"{NAME}-object-arrived", "Action": "lambda:InvokeFunction", "StatementId": "other"}
    theirs = [{"Id": "theirs", "Arn": f"arn:aws:events:{REGION}:999999999999:event-bus/theirs"}]
    denied = {
        refusal(iam.put_role_policy, RoleName="refit-unbounded", PolicyName="own", PolicyDocument=document),
        refusal(sts.assume_role, RoleArn=f"arn:aws:iam::{ACCOUNT}:role/refit-unbounded", RoleSessionName="job"),
        refusal(functions.add_permission, **function, Principal="999999999999"),
        refusal(functions.add_permission, **function, Principal=DEPLOY),
        refusal(functions.invoke, FunctionName=f"{NAME}-object-arrived"),
        refusal(events.put_targets, Rule=f"{NAME}-arrival", Targets=theirs),
    }
    assert denied <= REFUSED


def test_neither_role_reaches_the_state_of_the_bootstrap(
    deployed: Account, plan_role: dict[str, str], deploy_role: dict[str, str]
) -> None:
    deployed.client("s3").put_object(Bucket=STATE_BUCKET, Key="bootstrap.tfstate", Body=b"{}")
    s3 = deployed.client("s3", deploy_role)
    denied = {
        refusal(s3.put_object, Bucket=STATE_BUCKET, Key="bootstrap.tfstate", Body=b"{}"),
        refusal(s3.put_object, Bucket=STATE_BUCKET, Key="bootstrap.tfstate.tflock", Body=b"{}"),
        refusal(s3.get_object, Bucket=STATE_BUCKET, Key="bootstrap.tfstate"),
        refusal(deployed.client("s3", plan_role).get_object, Bucket=STATE_BUCKET, Key="bootstrap.tfstate"),
    }
    assert denied <= REFUSED
