"""A bucket's policy that is malformed, too long or public is rejected with AWS's message."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy

ACCOUNT, REGION = "000000000000", "us-west-2"
ANYONE_READS = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


@dataclass(frozen=True)
class Bucket:
    s3: Any
    name: str

    @property
    def arn(self) -> str:
        return f"arn:aws:s3:::{self.name}"


@pytest.fixture
def bucket(client: Any) -> Bucket:
    made = Bucket(client("s3"), f"bucket-{uuid.uuid4().hex[:8]}")
    made.s3.create_bucket(Bucket=made.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return made


class TestAPolicyIsRejected:
    def test_that_is_public_while_public_policies_are_blocked(self, bucket, refused):
        public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{bucket.arn}/*"}
        code, message = refused(bucket.s3.put_bucket_policy, Bucket=bucket.name, Policy=policy(public))
        assert code == "AccessDenied"
        assert "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access" in message
        fixed = {"Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}}
        bucket.s3.put_bucket_policy(Bucket=bucket.name, Policy=policy({**public, **fixed}))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"Principal": None}, "Missing required field Principal"),
            ({"Resource": None}, "Missing required field Resource"),
            ({"Action": None}, "Missing required field Action"),
            ({"Effect": "allow"}, "Invalid effect: allow"),
            ({"Resource": "arn:aws:s3:::another/*"}, "Policy has invalid resource"),
            ({"Action": "s3:NoSuchAction"}, "Policy has invalid action"),
            ({"Action": "ssm:GetParameter"}, "Policy has invalid action"),
            ({"Resource": "arn:aws:s3:::{}"}, "Action does not apply to any resource(s) in statement"),
            ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}}, "Invalid principal in policy"),
            ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/*"}}, "Invalid principal in policy"),
            ({"Principal": {"Service": "sagmaker.amazonaws.com"}}, "Invalid principal in policy"),
            ({"Condition": {"StringEqual": {"aws:SourceArn": "x"}}}, "Invalid Condition type : StringEqual"),
        ],
    )
    def test_that_is_malformed(self, bucket, refused, change, message):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "s3:GetObject",
            "Resource": f"{bucket.arn}/*",
            **change,
        }
        statement = {key: value for key, value in statement.items() if value is not None}
        document = policy(statement).replace("{}", bucket.name)
        assert refused(bucket.s3.put_bucket_policy, Bucket=bucket.name, Policy=document) == ("MalformedPolicy", message)

    def test_that_is_no_json_or_too_long(self, bucket, refused):
        code, message = refused(bucket.s3.put_bucket_policy, Bucket=bucket.name, Policy="no JSON")
        assert (code, message) == ("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
        long = policy(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [bucket.arn], "Sid": "x" * 20481}
        )
        assert refused(bucket.s3.put_bucket_policy, Bucket=bucket.name, Policy=long)[0] == "PolicyTooLarge"
