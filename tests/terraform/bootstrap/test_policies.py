"""The policies, the bucket and the outputs of the bootstrap."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase

import pytest

from refit.aws.session import Aws
from refit.doctor import permissions
from refit.doctor.credentials import Access
from refit.pipeline import files as pipeline
from tests.support.terraform.account import ACCOUNT, BOUNDARY, DEPLOY, PLAN, REGION, STATE_BUCKET, Account


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_policies_of_two_regions_are_within_iams_size_limits(account: Account) -> None:
    regions = json.dumps([REGION, "ap-southeast-2"])
    variables = {"repository": "acme/models", "state_bucket": STATE_BUCKET, "pipeline_regions": regions}
    resources = account.bootstrap.plan(output=True, tf_vars=variables).resources
    sizes = {
        address: len(json.dumps(json.loads(resource["values"]["policy"]), separators=(",", ":")))
        for address, resource in resources.items()
        if resource["type"] in ("aws_iam_policy", "aws_iam_role_policy")
    }
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(sizes) == 5
    assert max(sizes["aws_iam_role_policy.plan"], sizes["aws_iam_role_policy.deploy"]) <= 10_240
    assert all(size <= 6_144 for address, size in sizes.items() if address.startswith("aws_iam_policy."))


def test_no_policy_allows_all_actions_or_uses_not_resource(account: Account) -> None:
    for document in account.policies().values():
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                assert not {"*", "iam:*", "s3:*", "sagemaker:*"} & set(listed(statement["Action"])), statement["Sid"]
                assert "NotResource" not in statement


def test_only_actions_without_resource_types_have_a_wildcard(account: Account) -> None:
    wide = {
        action
        for document in account.policies().values()
        for statement in document["Statement"]
        if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }
    assert wide == {
        "cloudwatch:DescribeAlarms",
        "cloudwatch:PutMetricData",
        "ecr:GetAuthorizationToken",
        "logs:*LogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "sagemaker:ListEndpointConfigs",
        "sagemaker:ListModels",
        "sagemaker:ListTrainingJobs",
        "ssm:DescribeParameters",
        "states:ValidateStateMachineDefinition",
    }


def test_a_role_is_passed_only_to_the_services_that_the_stack_uses(account: Account) -> None:
    passed = {
        (name, role, service)
        for name, document in account.policies().items()
        for statement in document["Statement"]
        if "iam:PassRole" in listed(statement.get("Action", []))
        for role in listed(statement["Resource"])
        for service in listed(statement["Condition"]["StringEquals"]["iam:PassedToService"])
    }
    roles = f"arn:aws:iam::{ACCOUNT}:role/refit-*"
    assert passed == {
        ("boundary", roles, "sagemaker.amazonaws.com"),
        ("boundary", f"{roles}-schedule", "scheduler.amazonaws.com"),
        *(("deploy", roles, f"{service}.amazonaws.com") for service in ("lambda", "scheduler", "states")),
    }


def test_the_deploy_role_may_do_all_that_refit_doctor_simulates(
    deployed: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(permissions.BOUNDARY, BOUNDARY)
    declared = pipeline.load(deployed.ref)
    access = Access(Aws(REGION, deployed.cloud.endpoint_url, ("test", "test")), f"{DEPLOY}/job", ACCOUNT)
    needed = permissions.needs(deployed.ref, declared, access, STATE_BUCKET)
    allowed = [one for one in deployed.policies()["deploy"]["Statement"] if one["Effect"] == "Allow"]
    denied = [
        (action, each.resource)
        for each in (*needed[permissions.APPLY], *needed[permissions.RUN])
        for action in each.actions
        if not any(
            any(fnmatchcase(action, pattern) for pattern in listed(one["Action"]))
            and any(fnmatchcase(each.resource, pattern) for pattern in listed(one["Resource"]))
            for one in allowed
        )
    ]
    assert denied == []


def test_refit_doctor_simulates_the_names_of_the_stack(deployed: Account, deploy_role: dict[str, str]) -> None:
    declared = pipeline.load(deployed.ref)
    access = Access(Aws(REGION, deployed.cloud.endpoint_url, ("test", "test")), f"{DEPLOY}/job", ACCOUNT)
    needed = permissions.needs(deployed.ref, declared, access, STATE_BUCKET)
    simulated = {each.resource for each in needed[permissions.APPLY]}
    stack = deployed.terraform(deploy_role).outputs()
    assert {
        f"arn:aws:s3:::{stack['bucket']}",
        f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{stack['lambda_functions']['check_data']}",
        f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{stack['log_groups']['state_machine']}",
        f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{stack['schedule']}/{stack['schedule']}",
        f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{stack['watermark_parameter']}",
        stack["state_machine_arn"],
    } <= simulated


def test_the_output_has_the_variables_of_the_repository(account: Account) -> None:
    assert account.outputs["github_variables"] == {
        "AWS_REGION": REGION,
        "AWS_PLAN_ROLE_ARN": PLAN,
        "AWS_DEPLOY_ROLE_ARN": DEPLOY,
        "REFIT_PERMISSIONS_BOUNDARY": BOUNDARY,
        "REFIT_STATE_BUCKET": STATE_BUCKET,
    }


def test_the_state_bucket_is_versioned_encrypted_private_and_tls_only(account: Account) -> None:
    s3 = account.client("s3")
    encryption = s3.get_bucket_encryption(Bucket=STATE_BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert s3.get_bucket_versioning(Bucket=STATE_BUCKET)["Status"] == "Enabled"
    assert encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert all(s3.get_public_access_block(Bucket=STATE_BUCKET)["PublicAccessBlockConfiguration"].values())
    policy = json.loads(s3.get_bucket_policy(Bucket=STATE_BUCKET)["Policy"])["Statement"][0]
    assert (policy["Effect"], policy["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
