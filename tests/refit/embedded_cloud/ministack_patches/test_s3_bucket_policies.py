"""A bucket's policy is evaluated with the caller's own: for users, roles, the root user and anonymous callers."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.refit.embedded_cloud.conftest import policy
from tests.refit.embedded_cloud.ministack_patches.test_iam import REGION

ACCOUNT, OTHER = "000000000000", "111111111111"
PLACE = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}


class Bucket:
    """A bucket with the object `data/key`, whose policy a test sets."""

    def __init__(self, s3: Any) -> None:
        self.name, self.s3 = f"bucket-{uuid.uuid4().hex[:8]}", s3
        s3.create_bucket(Bucket=self.name, **PLACE)
        s3.put_object(Bucket=self.name, Key="data/key", Body=b"1")
        self.arn = f"arn:aws:s3:::{self.name}"

    def set_policy(self, *statements: dict[str, Any]) -> None:
        everything = {"Action": "s3:*", "Resource": [self.arn, f"{self.arn}/*"]}
        document = policy(*({**everything, **each} for each in statements))
        self.s3.put_bucket_policy(Bucket=self.name, Policy=document)


@pytest.fixture
def bucket(client: Any) -> Bucket:
    return Bucket(client("s3"))


@pytest.fixture
def named_user(client: Any) -> Callable[..., tuple[str, Any]]:
    """Creates an IAM user with these policy statements; returns its ARN and its S3 client."""
    iam = client("iam")

    def make(*statements: dict[str, Any]) -> tuple[str, Any]:
        name = f"user-{uuid.uuid4().hex[:8]}"
        arn = iam.create_user(UserName=name)["User"]["Arn"]
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return arn, client("s3", (key["AccessKeyId"], key["SecretAccessKey"]))

    return make


@pytest.fixture
def assumed(client: Any, cloud: Any) -> Callable[..., tuple[str, Any]]:
    """Creates a role with a path, which a user assumes; returns the role's ARN and the session's S3 client."""
    iam = client("iam")

    def make(*statements: dict[str, Any]) -> tuple[str, Any]:
        name = f"role-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
        arn = iam.create_role(RoleName=name, Path="/team/", AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
        iam.create_user(UserName=name)
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(may))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        sts = client("sts", (key["AccessKeyId"], key["SecretAccessKey"]))
        credentials = sts.assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
        s3 = boto3.client(
            "s3",
            endpoint_url=cloud.endpoint_url,
            region_name=REGION,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials["SessionToken"],
        )
        return str(arn), s3

    return make


ANYONE_READS = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
READ_ALL = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}


class TestInOneAccount:
    def test_an_allow_of_either_policy_is_enough(self, bucket, named_user, refused):
        arn, s3 = named_user()
        assert refused(s3.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject"})
        assert s3.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"
        assert refused(s3.put_object, Bucket=bucket.name, Key="data/key", Body=b"2")[0] == "AccessDenied"
        _, reader = named_user(READ_ALL)
        assert reader.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"

    def test_a_deny_of_either_policy_wins(self, bucket, named_user, refused):
        arn, s3 = named_user(READ_ALL)
        bucket.set_policy({"Effect": "Deny", "Principal": {"AWS": arn}, "Action": "s3:GetObject"})
        code, message = refused(s3.get_object, Bucket=bucket.name, Key="data/key")
        assert code == "AccessDenied"
        assert "explicit deny in a resource-based policy" in message
        denied, own = named_user({**READ_ALL, "Effect": "Deny"})
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": denied}})
        assert refused(own.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"

    def test_a_statement_for_the_account_leaves_it_to_the_own_policies(self, bucket, named_user, refused):
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}})
        _, s3 = named_user()
        assert refused(s3.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"
        _, reader = named_user(READ_ALL)
        assert reader.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"

    def test_a_role_is_named_by_its_arn_with_its_path(self, bucket, assumed, refused):
        arn, s3 = assumed()
        assert refused(s3.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": arn}})
        assert s3.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"

    def test_aws_principal_arn_is_the_role_not_the_session(self, bucket, assumed, refused):
        arn, s3 = assumed(READ_ALL)
        _, other = assumed(READ_ALL)
        unless = {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": arn}}}
        bucket.set_policy({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", **unless})
        assert s3.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"
        assert refused(other.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"

    def test_not_principal_denies_all_but_those(self, bucket, named_user, refused):
        arn, s3 = named_user(READ_ALL)
        _, other = named_user(READ_ALL)
        named = {"NotPrincipal": {"AWS": [arn, f"arn:aws:iam::{ACCOUNT}:root"]}}
        bucket.set_policy({"Effect": "Deny", "Action": "s3:GetObject", **named})
        assert s3.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"
        assert refused(other.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"

    def test_the_root_user_is_denied_too_and_can_only_repair_the_policy(self, bucket, refused):
        bucket.set_policy({"Effect": "Deny", "Principal": "*"})
        assert refused(bucket.s3.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"
        assert refused(bucket.s3.list_objects_v2, Bucket=bucket.name)[0] == "AccessDenied"
        assert "Deny" in bucket.s3.get_bucket_policy(Bucket=bucket.name)["Policy"]
        bucket.s3.delete_bucket_policy(Bucket=bucket.name)
        assert bucket.s3.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"

    def test_a_statement_can_demand_a_prefix(self, bucket, named_user, refused):
        arn, s3 = named_user()
        only = {"Condition": {"StringLike": {"s3:prefix": "data/*"}}}
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:ListBucket", **only})
        assert s3.list_objects_v2(Bucket=bucket.name, Prefix="data/")["KeyCount"] == 1
        assert refused(s3.list_objects_v2, Bucket=bucket.name, Prefix="other/")[0] == "AccessDenied"
        assert refused(s3.list_objects_v2, Bucket=bucket.name)[0] == "AccessDenied"

    def test_a_statement_can_have_variables(self, bucket, named_user, refused):
        arn, s3 = named_user()
        name = arn.rpartition("/")[2]
        for key in (f"{name}/own", "other/own"):
            bucket.s3.put_object(Bucket=bucket.name, Key=key, Body=b"1")
        own = {"Resource": f"{bucket.arn}/${{aws:username}}/*"}
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject", **own})
        assert s3.get_object(Bucket=bucket.name, Key=f"{name}/own")["Body"].read() == b"1"
        assert refused(s3.get_object, Bucket=bucket.name, Key="other/own")[0] == "AccessDenied"


class TestAcrossAccounts:
    def test_both_policies_must_allow(self, client, bucket, refused):
        iam = client("iam", (OTHER, "test"))
        arn = iam.create_user(UserName="guest")["User"]["Arn"]
        key = iam.create_access_key(UserName="guest")["AccessKey"]
        guest = client("s3", (key["AccessKeyId"], key["SecretAccessKey"]))
        bucket.set_policy({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "s3:GetObject"})
        assert refused(guest.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"
        iam.put_user_policy(UserName="guest", PolicyName="own", PolicyDocument=policy(READ_ALL))
        assert guest.get_object(Bucket=bucket.name, Key="data/key")["Body"].read() == b"1"
        bucket.s3.delete_bucket_policy(Bucket=bucket.name)
        assert refused(guest.get_object, Bucket=bucket.name, Key="data/key")[0] == "AccessDenied"


class TestTheRoleOf:
    def test_a_function_is_denied_by_the_bucket(self, client, bucket, function, role):
        able = role("lambda", ("s3:GetObject", f"{bucket.arn}/*"))
        source = (
            "import boto3\n"
            "def handler(event, context):\n"
            "    return boto3.client('s3').get_object(**event)['Body'].read().decode()\n"
        )
        arn, event = function(source, able), json.dumps({"Bucket": bucket.name, "Key": "data/key"})
        read = client("lambda").invoke(FunctionName=arn, Payload=event)
        assert json.loads(read["Payload"].read()) == "1"
        bucket.set_policy({"Effect": "Deny", "Principal": {"AWS": able}, "Action": "s3:GetObject"})
        denied = json.loads(client("lambda").invoke(FunctionName=arn, Payload=event)["Payload"].read())
        assert "AccessDenied" in denied["errorMessage"]


class TestAnonymousCallers:
    def fetch(self, client: Any, bucket: Bucket) -> int:
        try:
            url = f"{client('s3').meta.endpoint_url}/{bucket.name}/data/key"
            return int(urllib.request.urlopen(url).status)  # noqa: S310 - the embedded cloud
        except urllib.error.HTTPError as error:
            return error.code

    def test_read_only_what_a_public_policy_allows(self, client, bucket):
        assert self.fetch(client, bucket) == 403
        bucket.s3.delete_public_access_block(Bucket=bucket.name)
        assert self.fetch(client, bucket) == 403
        bucket.set_policy(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{bucket.arn}/*"}
        )
        assert self.fetch(client, bucket) == 200

    def test_read_nothing_if_public_policies_are_restricted(self, client, bucket):
        bucket.s3.delete_public_access_block(Bucket=bucket.name)
        bucket.set_policy(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{bucket.arn}/*"}
        )
        bucket.s3.put_public_access_block(
            Bucket=bucket.name, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True}
        )
        assert self.fetch(client, bucket) == 403
