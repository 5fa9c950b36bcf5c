"""The permissions on existing buckets with data: only declared prefixes, and only to list and read them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.terraform.account import ACCOUNT, REGION, STATE_BUCKET, Account

LAKE = "arn:aws:s3:::company-lake"
KEY = f"arn:aws:kms:{REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
VARIABLES = {
    "repository": "acme/models",
    "state_bucket": STATE_BUCKET,
    "pipeline_regions": json.dumps([REGION, "ap-southeast-2"]),
    "data_prefixes": json.dumps(["company-lake/sales/", "company-lake/homes/train/"]),
    "data_keys": json.dumps([KEY]),
}


@pytest.fixture(scope="module")
def policies(account: Account) -> dict[str, list[dict[str, Any]]]:
    """The statements of each planned policy, by its address."""
    planned = account.bootstrap.plan(output=True, tf_vars=VARIABLES).resources
    return {
        address: json.loads(resource["values"]["policy"])["Statement"]
        for address, resource in planned.items()
        if resource["type"] in ("aws_iam_policy", "aws_iam_role_policy")
    }


def about_the_lake(statements: list[dict[str, Any]]) -> set[tuple[str, str]]:
    found = set()
    for statement in statements:
        resources = statement.get("Resource", [])
        for resource in [resources] if isinstance(resources, str) else resources:
            if statement["Effect"] == "Allow" and resource.startswith((LAKE, KEY)):
                assert isinstance(statement["Action"], str)
                found.add((statement["Action"], resource))
    return found


LISTS = {("s3:ListBucket", LAKE)}
READS = {
    *LISTS,
    ("s3:GetObject", f"{LAKE}/sales/*"),
    ("s3:GetObject", f"{LAKE}/homes/train/*"),
    ("kms:Decrypt", KEY),
}


def test_the_roles_of_stacks_read_the_plan_role_samples_and_the_deploy_role_lists(
    policies: dict[str, list[dict[str, Any]]],
) -> None:
    allowed = {address: found for address, each in policies.items() if (found := about_the_lake(each))}

    assert allowed == {
        "aws_iam_policy.boundary": READS,
        'aws_iam_policy.data["plan"]': READS | {("s3:GetBucketNotification", LAKE)},
        'aws_iam_policy.data["deploy"]': LISTS,
    }


def test_a_listing_is_limited_to_a_prefix_and_the_key_to_s3(policies: dict[str, list[dict[str, Any]]]) -> None:
    of_lake = [each for each in policies["aws_iam_policy.boundary"] if about_the_lake([each])]

    assert {each["Condition"]["StringLike"]["s3:prefix"] for each in of_lake if each["Action"] == "s3:ListBucket"} == {
        "sales/*",
        "homes/train/*",
    }
    assert [each["Condition"] for each in of_lake if each["Action"] == "kms:Decrypt"] == [
        {"StringLike": {"kms:ViaService": "s3.*"}}
    ]


def test_the_policies_are_within_iams_size_limits(policies: dict[str, list[dict[str, Any]]]) -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    for address, statements in policies.items():
        size = len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))
        assert size <= (10_240 if "role_policy" in address else 6_144), address


def test_without_declared_data_there_are_no_further_policies(account: Account) -> None:
    names = {policy["PolicyName"] for policy in account.client("iam").list_policies(Scope="Local")["Policies"]}

    assert names == {"refit-boundary", "github-refit-no-secrets", "github-refit-no-data"}
    assert ACCOUNT not in str(about_the_lake(account.policies()["boundary"]["Statement"]))
