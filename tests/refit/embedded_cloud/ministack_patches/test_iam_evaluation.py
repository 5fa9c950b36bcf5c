"""Boundaries and session policies limit what policies allow; resources other than buckets have policies, too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from tests.refit.embedded_cloud.conftest import policy

ACCOUNT, REGION = "000000000000", "us-west-2"
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
PARAMETERS = {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}


@pytest.fixture
def assume(client: Any, cloud: Any) -> Callable[..., Callable[[str], Any]]:
    """Assumes a new role that may do everything, as a user; returns a function that creates the session's clients."""
    iam, name = client("iam"), f"name-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy(EVERYTHING))
    key = iam.create_access_key(UserName=name)["AccessKey"]

    def make(role: dict[str, Any] | None = None, trust: dict[str, Any] | None = None, **session: Any) -> Any:
        statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole", **(trust or {})}
        role_name = f"role-{uuid.uuid4().hex[:8]}"
        created = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=policy(statement), **(role or {}))
        iam.put_role_policy(RoleName=role_name, PolicyName="all", PolicyDocument=policy(EVERYTHING))
        sts = client("sts", (key["AccessKeyId"], key["SecretAccessKey"]))
        request = {"RoleArn": created["Role"]["Arn"], "RoleSessionName": "session", **session}
        given = sts.assume_role(**request)["Credentials"]
        return lambda service: boto3.client(
            service,
            endpoint_url=cloud.endpoint_url,
            region_name=REGION,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    return make


def test_a_boundary_limits_what_a_role_may_do(client, assume, refused):
    boundary = client("iam").create_policy(PolicyName=f"b-{uuid.uuid4().hex[:8]}", PolicyDocument=policy(PARAMETERS))
    bounded = assume({"PermissionsBoundary": boundary["Policy"]["Arn"]})
    assert bounded("ssm").describe_parameters()["Parameters"]
    assert refused(bounded("s3").list_buckets)[0] == "AccessDenied"


def test_a_wildcard_matches_line_feeds_and_a_pattern_the_whole_key(client, cloud, assume, refused):
    bucket = f"line-feeds-{uuid.uuid4().hex[:8]}"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    for key in ("data/a\nb.csv", "data/c.csv", "data/c.csv\n"):
        client("s3").put_object(Bucket=bucket, Key=key, Body=b"1")
    reads = [f"arn:aws:s3:::{bucket}/data/a*", f"arn:aws:s3:::{bucket}/data/c.csv"]
    s3 = assume(Policy=policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": reads}))("s3")
    assert s3.get_object(Bucket=bucket, Key="data/a\nb.csv")["Body"].read() == b"1"
    assert s3.get_object(Bucket=bucket, Key="data/c.csv")["Body"].read() == b"1"
    assert refused(s3.get_object, Bucket=bucket, Key="data/c.csv\n")[0] == "AccessDenied"


def test_a_session_policy_limits_what_a_session_may_do(assume, refused):
    limited = assume(Policy=policy(PARAMETERS))
    assert limited("ssm").describe_parameters()["Parameters"]
    assert refused(limited("s3").list_buckets)[0] == "AccessDenied"


def test_a_trust_policy_can_demand_a_session_name(assume, refused):
    named = {"Condition": {"StringLike": {"sts:RoleSessionName": "sess*"}}}
    assert assume(trust=named)("sts").get_caller_identity()["Arn"].endswith("/session")
    assert refused(assume, trust=named, RoleSessionName="other")[0] == "AccessDenied"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("arn:aws:iam::000000000000:role/team/*", True),
        ("arn:*:iam::*:role/*", True),
        ("arn:aws:iam::000000000000:role/other/*", False),
        ("arn:aws:iam:*", False),
        ("arn:aws:*:role/team/*", False),
    ],
)
def test_arns_are_compared_part_by_part(assume, refused, pattern, matches):
    deny = {"Effect": "Deny", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    unless = {"Condition": {"ArnNotLike": {"aws:PrincipalArn": pattern}}}
    session = assume({"Path": "/team/"}, Policy=policy(EVERYTHING, {**deny, **unless}))
    if matches:
        assert "Buckets" in session("s3").list_buckets()
    else:
        assert refused(session("s3").list_buckets)[0] == "AccessDenied"


def test_the_root_user_cannot_assume_a_role(client, refused):
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    name = f"role-{uuid.uuid4().hex[:8]}"
    arn = client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    assert refused(client("sts").assume_role, RoleArn=arn, RoleSessionName="session")[0] == "AccessDenied"


def test_the_caller_of_a_session_is_its_role(assume):
    identity = assume()("sts").get_caller_identity()
    assert identity["UserId"].startswith("AROA")
    assert identity["UserId"].endswith(":session")


def test_a_secret_has_a_policy(client, user, refused):
    secrets, name = client("secretsmanager"), f"secret-{uuid.uuid4().hex[:8]}"
    secrets.create_secret(Name=name, SecretString="never")
    able = user({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"})("secretsmanager")
    assert able.get_secret_value(SecretId=name)["SecretString"] == "never"
    deny = {"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    secrets.put_resource_policy(SecretId=name, ResourcePolicy=policy(deny))
    assert refused(able.get_secret_value, SecretId=name)[0] == "AccessDeniedException"


def test_a_function_has_a_policy(client, user, function, refused):
    arn = function("def handler(event, context):\n    return 1")
    iam, name = client("iam"), f"user-{uuid.uuid4().hex[:8]}"
    caller = iam.create_user(UserName=name)["User"]["Arn"]
    key = iam.create_access_key(UserName=name)["AccessKey"]
    own = client("lambda", (key["AccessKeyId"], key["SecretAccessKey"]))
    assert refused(own.invoke, FunctionName=arn)[0] == "AccessDeniedException"
    client("lambda").add_permission(
        FunctionName=arn, StatementId="one", Action="lambda:InvokeFunction", Principal=caller
    )
    assert json.loads(own.invoke(FunctionName=arn)["Payload"].read()) == 1


def test_a_queue_has_a_policy(client, user, refused):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=f"queue-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    able = user({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn})("sqs")
    assert able.send_message(QueueUrl=url, MessageBody="one")["MessageId"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(deny)})
    assert "AccessDenied" in refused(able.send_message, QueueUrl=url, MessageBody="two")[0]
