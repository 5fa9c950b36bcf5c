"""The policies are not too broad: the calls that are denied to each role, and those that the boundary denies."""

from __future__ import annotations

import json

import pytest

from refit.errors import TerraformError
from tests.support.terraform.account import (
    ACCOUNT,
    BOUNDARY,
    BUCKET,
    EVERYTHING,
    ISSUER,
    PLAN,
    REFUSED,
    REGION,
    STATE_BUCKET,
    TRUST_NOBODY,
    WATERMARK,
    Account,
    refusal,
)

NAME = "refit-home-prices"


def test_the_plan_role_cannot_lock_the_state(deployed: Account, plan_role: dict[str, str]) -> None:
    with pytest.raises(TerraformError):
        deployed.terraform(plan_role).run("plan", ["-input=false"])


def test_the_plan_role_changes_nothing(deployed: Account, plan_role: dict[str, str]) -> None:
    s3, iam = deployed.client("s3", plan_role), deployed.client("iam", plan_role)
    states, functions = deployed.client("stepfunctions", plan_role), deployed.client("lambda", plan_role)
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:refit-home-prices"
    function, role = "refit-home-prices-check-data", "refit-home-prices-check-data"
    denied = {
        refusal(s3.put_object, Bucket=STATE_BUCKET, Key="local/home-prices.tfstate", Body=b"{}"),
        refusal(s3.delete_object, Bucket=STATE_BUCKET, Key="local/home-prices.tfstate"),
        refusal(s3.put_object, Bucket=BUCKET, Key="data/home-prices/train/2026-11-01.csv", Body=b"1"),
        refusal(s3.delete_object, Bucket=BUCKET, Key="data/home-prices/train/2026-11-01.csv"),
        refusal(s3.put_bucket_versioning, Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"}),
        refusal(deployed.client("ssm", plan_role).put_parameter, Name=WATERMARK, Value="2026-01-01", Overwrite=True),
        refusal(states.start_execution, stateMachineArn=machine),
        refusal(states.delete_state_machine, stateMachineArn=machine),
        refusal(functions.invoke, FunctionName=function),
        refusal(functions.update_function_code, FunctionName=function, ZipFile=b"x"),
        refusal(iam.put_role_policy, RoleName=role, PolicyName="more", PolicyDocument=EVERYTHING),
        refusal(iam.update_assume_role_policy, RoleName=role, PolicyDocument=TRUST_NOBODY),
        refusal(deployed.client("sagemaker", plan_role).delete_endpoint, EndpointName="home-prices"),
        refusal(deployed.client("scheduler", plan_role).delete_schedule, GroupName=NAME, Name=NAME),
        refusal(deployed.client("events", plan_role).disable_rule, Name=f"{NAME}-arrival"),
        refusal(functions.remove_permission, FunctionName=f"{NAME}-object-arrived", StatementId="arrival"),
    }
    assert denied <= REFUSED


@pytest.mark.parametrize("role", ["plan_role", "deploy_role"])
def test_neither_role_reads_a_secret(deployed: Account, role: str, request: pytest.FixtureRequest) -> None:
    credentials = request.getfixturevalue(role)
    deployed.client("secretsmanager").create_secret(Name=f"refit/{role}", SecretString="s")
    parameters, secrets = deployed.client("ssm", credentials), deployed.client("secretsmanager", credentials)
    denied = {
        refusal(parameters.get_parameter, Name="/refit/slack-token", WithDecryption=True),
        refusal(parameters.get_parameters, Names=["/refit/slack-token"]),
        refusal(parameters.get_parameter_history, Name="/refit/slack-token"),
        refusal(parameters.get_parameters_by_path, Path="/refit"),
        refusal(secrets.get_secret_value, SecretId=f"refit/{role}"),
    }
    assert denied <= REFUSED


def test_the_deploy_role_cannot_extend_its_own_permissions(deployed: Account, deploy_role: dict[str, str]) -> None:
    iam = deployed.client("iam", deploy_role)
    own, of_the_stack = "github-refit-deploy", "refit-home-prices-check-data"
    other = f"arn:aws:iam::{ACCOUNT}:policy/other"
    denied = {
        refusal(iam.create_role, RoleName="refit-unbounded", AssumeRolePolicyDocument=TRUST_NOBODY),
        refusal(
            iam.create_role, RoleName="refit-other", AssumeRolePolicyDocument=TRUST_NOBODY, PermissionsBoundary=other
        ),
        refusal(iam.create_role, RoleName="admin", AssumeRolePolicyDocument=TRUST_NOBODY, PermissionsBoundary=BOUNDARY),
        refusal(iam.put_role_policy, RoleName=own, PolicyName="more", PolicyDocument=EVERYTHING),
        refusal(iam.update_assume_role_policy, RoleName=own, PolicyDocument=TRUST_NOBODY),
        refusal(iam.attach_role_policy, RoleName=own, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
        refusal(iam.attach_role_policy, RoleName=of_the_stack, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
        refusal(iam.delete_role_permissions_boundary, RoleName=of_the_stack),
        refusal(iam.put_role_permissions_boundary, RoleName=of_the_stack, PermissionsBoundary=other),
        refusal(iam.create_policy_version, PolicyArn=BOUNDARY, PolicyDocument=EVERYTHING, SetAsDefault=True),
        refusal(iam.create_user, UserName="refit-user"),
        refusal(
            iam.delete_open_id_connect_provider,
            OpenIDConnectProviderArn=f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}",
        ),
    }
    assert denied == {"AccessDenied"}


def test_permissions_beyond_the_boundary_have_no_effect(deployed: Account, deploy_role: dict[str, str]) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    deployed.client("iam", deploy_role).create_role(
        RoleName="refit-greedy",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        PermissionsBoundary=BOUNDARY,
    )
    deployed.client("iam", deploy_role).put_role_policy(
        RoleName="refit-greedy", PolicyName="all", PolicyDocument=EVERYTHING
    )
    greedy = deployed.assume("refit-greedy")
    deployed.client("s3", greedy).list_objects_v2(Bucket=BUCKET)
    denied = {
        refusal(deployed.client("s3", greedy).list_objects_v2, Bucket=STATE_BUCKET),
        refusal(deployed.client("iam", greedy).list_roles),
        refusal(deployed.client("ssm", greedy).get_parameter, Name="/other/secret"),
        refusal(deployed.client("iam", greedy).create_user, UserName="refit-user"),
        refusal(
            deployed.client("lambda", greedy).create_function, FunctionName="refit-x", Role=PLAN, Code={"ZipFile": b""}
        ),
    }
    assert denied <= REFUSED


def test_the_deploy_role_cannot_destroy_data_or_states(deployed: Account, deploy_role: dict[str, str]) -> None:
    s3 = deployed.client("s3", deploy_role)
    denied = {
        refusal(s3.delete_bucket, Bucket=BUCKET),
        refusal(s3.delete_object, Bucket=BUCKET, Key="data/home-prices/train/2026-11-01.csv"),
        refusal(s3.put_object, Bucket=BUCKET, Key="data/home-prices/train/2026-11-01.csv", Body=b"1"),
        refusal(s3.get_object, Bucket=BUCKET, Key="data/home-prices/train/2026-11-01.csv"),
        refusal(s3.delete_object, Bucket=STATE_BUCKET, Key="local/home-prices.tfstate"),
        refusal(s3.put_object, Bucket=STATE_BUCKET, Key="elsewhere.txt", Body=b"1"),
        refusal(s3.put_bucket_versioning, Bucket=STATE_BUCKET, VersioningConfiguration={"Status": "Suspended"}),
        refusal(s3.delete_bucket_policy, Bucket=STATE_BUCKET),
        refusal(deployed.client("ssm", deploy_role).delete_parameter, Name=WATERMARK),
        refusal(deployed.client("scheduler", deploy_role).delete_schedule_group, Name=NAME),
        refusal(deployed.client("sagemaker", deploy_role).delete_endpoint, EndpointName="home-prices"),
    }
    assert denied <= REFUSED


def test_the_deploy_role_creates_nothing_with_another_name(deployed: Account, deploy_role: dict[str, str]) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/refit-home-prices-states"
    states, s3 = deployed.client("stepfunctions", deploy_role), deployed.client("s3", deploy_role)
    denied = {
        refusal(states.create_state_machine, name="other", definition="{}", roleArn=role),
        refusal(s3.create_bucket, Bucket="other", CreateBucketConfiguration={"LocationConstraint": REGION}),
        refusal(deployed.client("ssm", deploy_role).put_parameter, Name="/other", Value="x", Type="String"),
        refusal(deployed.client("logs", deploy_role).create_log_group, logGroupName="/aws/lambda/other"),
        refusal(deployed.client("lambda", deploy_role).delete_function, FunctionName="other"),
        refusal(deployed.client("scheduler", deploy_role).create_schedule_group, Name="other"),
        refusal(deployed.client("events", deploy_role).put_rule, Name="other", ScheduleExpression="rate(1 day)"),
    }
    assert denied <= REFUSED
