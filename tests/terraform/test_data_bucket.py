"""An existing bucket with the data: who may read it, and what nobody may do with it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from refit.aws.data_grants import data_grants
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.pipeline import files
from tests.support.terraform.planner import Plan, Planner
from tests.support.terraform.rights import (
    ACCOUNT,
    BUCKET,
    REGION,
    RUNS,
    TRAINING,
    address,
    granted,
    listed,
    of_function,
    statements,
)
from tests.support.waiting import until

LAKE = "arn:aws:s3:::company-lake"
KEY = f"arn:aws:kms:{REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DATA = {
    "bucket": "company-lake",
    "bucket_owner": "111122223333",
    "kms_key_arn": KEY,
    "prefix": "sales/",
    "feature_dim": 13,
    "schema": [{"name": "price"}, *({"name": f"feature_{number}"} for number in range(13))],
}


@pytest.fixture(scope="module")
def lake(planner: Planner) -> Plan:
    """A plan of the example with its data in another account's bucket, which has a KMS key."""
    gate = {"metric": "validation:mse", "max": 60, "max_regression": 0.1}
    return planner.plan(data=DATA, gate=gate, arrival={"quiet_minutes": 10}, orchestration="direct")


def about_the_lake(plan: Plan) -> dict[str, set[tuple[str, str]]]:
    """The pairs of action and resource that each policy allows on the bucket and on its key."""
    found: dict[str, set[tuple[str, str]]] = {}
    for where, statement in statements(plan):
        pairs = {(action, arn) for action in listed(statement["Action"]) for arn in listed(statement["Resource"])}
        if of_lake := {pair for pair in pairs if pair[1].startswith((LAKE, "arn:aws:kms")) and pair[1] != f"{KEYS}*"}:
            found[where] = found.get(where, set()) | of_lake
    return found


KEYS = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/"
READS = {("s3:ListBucket", LAKE), ("s3:GetObject", f"{LAKE}/sales/*"), ("kms:Decrypt", KEY)}


def test_only_these_roles_reach_the_bucket_and_they_only_read_the_prefix(lake: Plan) -> None:
    assert about_the_lake(lake) == {
        address("check_data"): {("s3:ListBucket", LAKE)},
        address("check_quality"): READS,
        address("evaluate_model"): READS,
        TRAINING: READS,
    }


def test_in_the_stacks_own_bucket_the_prefix_is_not_allowed(lake: Plan) -> None:
    assert {pair for pair in granted(lake, TRAINING) if pair[0] == "s3:GetObject"} == {
        ("s3:GetObject", f"{LAKE}/sales/*"),
        ("s3:GetObject", f"{RUNS}/*"),
        ("s3:GetObject", f"{BUCKET}/models/home-prices/*"),
    }
    assert ("s3:GetObject", f"{BUCKET}/sales/*") not in of_function(lake, "evaluate_model")


def test_a_listing_needs_the_prefix_and_the_declared_owner(lake: Plan) -> None:
    conditions = [found["Condition"] for _, found in statements(lake) if found["Sid"] == "ListData"]

    owner = {"s3:ResourceAccount": "111122223333"}
    assert conditions == [{"StringLike": {"s3:prefix": "sales/*"}, "StringEquals": owner}] * 4
    assert [found["Condition"] for _, found in statements(lake) if found["Sid"] == "ReadData"] == [
        {"StringEquals": owner}
    ] * 3


def test_the_key_decrypts_only_for_s3_and_only_the_prefix(lake: Plan) -> None:
    for _, found in statements(lake):
        if found["Sid"] == "DecryptData":
            assert found["Condition"] == {
                "StringLike": {
                    "kms:ViaService": f"s3.{REGION}.amazonaws.com*",
                    "kms:EncryptionContext:aws:s3:arn": [LAKE, f"{LAKE}/sales/*"],
                }
            }


def test_terraform_has_no_resource_of_the_bucket_and_matches_its_events(lake: Plan) -> None:
    buckets = {
        name: values["bucket"]
        for kind in ("aws_s3_bucket", "aws_s3_bucket_policy", "aws_s3_bucket_notification", "aws_s3_object")
        for name, values in lake.resources(kind).items()
        if values.get("bucket") == "company-lake"
    }
    arrival = lake.module("arrival[0]")

    assert buckets == {}
    assert not [name for name in arrival if "notification" in name]
    pattern = json.loads(arrival["aws_cloudwatch_event_rule.this"]["event_pattern"])
    assert pattern["detail"] == {"bucket": {"name": ["company-lake"]}, "object": {"key": [{"prefix": "sales/"}]}}


def test_the_statements_for_the_owner_are_those_of_refit_doctor(planner: Planner, lake: Plan) -> None:
    pipeline = files.load(planner.ref)
    environment = planner.terraform.env
    stack = Stack.of(pipeline, Aws(REGION, environment["AWS_ENDPOINT_URL"], ("test", "test")))

    assert lake.output.outputs["data_grants"] == data_grants(pipeline, stack)
    assert lake.output.outputs["data_bucket"] == stack.data_bucket.name


def test_with_the_statements_of_both_accounts_the_training_role_reads_the_data(planner: Planner, lake: Plan) -> None:
    """On the embedded cloud, which checks the policies of both accounts, of the bucket and of its key."""
    owner, endpoint = "111122223333", planner.terraform.env["AWS_ENDPOINT_URL"]

    def client(service: str, key: str = "test", **token: str) -> Any:
        config = Config(s3={"addressing_style": "path"})
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=endpoint,
            aws_access_key_id=key,
            aws_secret_access_key=token.get("secret", "test"),
            aws_session_token=token.get("session"),
            config=config,
        )

    s3, kms = client("s3", owner), client("kms", owner)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket="company-lake", CreateBucketConfiguration={"LocationConstraint": REGION})
    encrypted = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    for name in ("sales/2026-11-22.csv", "hr/salaries.csv"):
        s3.put_object(Bucket="company-lake", Key=name, Body=b"1,2\n", **encrypted)
    role = training_role(client, [each for where, each in statements(lake) if where == TRAINING], key)
    assumed = client("s3", role["AccessKeyId"], secret=role["SecretAccessKey"], session=role["SessionToken"])

    def read(name: str) -> str:
        try:
            return str(assumed.get_object(Bucket="company-lake", Key=name)["Body"].read())
        except ClientError as error:
            return str(error.response["Error"]["Code"])

    grants = lake.output.outputs["data_grants"]
    before = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"]
    s3.put_bucket_policy(Bucket="company-lake", Policy=policy(*grants["bucket_policy"]))
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(*before, *grants["key_policy"]))
    until(lambda: read("sales/2026-11-22.csv") == str(b"1,2\n"))  # a new role's policies take effect after a while
    assert read("hr/salaries.csv") == "AccessDenied"
    listed_keys = assumed.list_objects_v2(Bucket="company-lake", Prefix="sales/")["Contents"]
    assert [entry["Key"] for entry in listed_keys] == ["sales/2026-11-22.csv"]
    for arguments in ({}, {"Prefix": "hr/"}):
        with pytest.raises(ClientError, match="AccessDenied"):
            assumed.list_objects_v2(Bucket="company-lake", **arguments)
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(*before))
    assert read("sales/2026-11-22.csv") == "AccessDenied"
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(*before, *grants["key_policy"]))
    s3.delete_bucket_policy(Bucket="company-lake")
    assert read("sales/2026-11-22.csv") == "AccessDenied"


def training_role(client: Any, allowed: list[Any], key: str) -> dict[str, str]:
    """The credentials of a role with the name and the statements of the plan's training role, for this key."""
    iam, name = client("iam"), "refit-home-prices-sagemaker"
    iam.create_user(UserName="operator")
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.put_user_policy(UserName="operator", PolicyName="own", PolicyDocument=policy(assume))
    arn = iam.get_user(UserName="operator")["User"]["Arn"]
    trust = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*allowed).replace(KEY, key))
    made = iam.create_access_key(UserName="operator")["AccessKey"]
    sts = client("sts", made["AccessKeyId"], secret=made["SecretAccessKey"])
    return dict(sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="test")["Credentials"])


def policy(*allowed: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": allowed})


def test_a_bucket_that_the_stack_creates_is_refused(planner: Planner) -> None:
    planner.write(data={"prefix": "data/", "feature_dim": 13})
    data: dict[str, Any] = {"bucket": f"home-prices-{ACCOUNT}-{REGION}", "prefix": "data/", "feature_dim": 13}

    assert "is the bucket that this stack creates; remove bucket from data" in planner.refusal(data=data)


def test_without_an_owner_and_a_key_nothing_about_them_is_asked(planner: Planner) -> None:
    planned = planner.plan(data={"bucket": "company-lake", "prefix": "sales/", "feature_dim": 13}, gate=None)

    assert about_the_lake(planned) == {
        address("check_data"): {("s3:ListBucket", LAKE)},
        TRAINING: READS - {("kms:Decrypt", KEY)},
    }
    assert [found.get("Condition") for _, found in statements(planned) if found["Sid"] == "ReadData"] == [None]
    assert planned.output.outputs["data_grants"]["key_policy"] == []
