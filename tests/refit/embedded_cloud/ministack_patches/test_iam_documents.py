"""IAM rejects malformed policies and policies that are too long, with AWS's messages."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy

ACCOUNT = "000000000000"
READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
SYNTAX = "Syntax errors in policy."


@pytest.fixture(scope="module")
def iam(client: Any) -> Any:
    return client("iam")


@pytest.fixture(scope="module")
def role_name(role: Any) -> str:
    return str(role("lambda").rpartition("/")[2])


def name() -> str:
    return f"name-{uuid.uuid4().hex[:8]}"


class TestAPermissionsPolicyIsRejected:
    @pytest.mark.parametrize(
        ("document", "message"),
        [
            ("no JSON", SYNTAX),
            ("[]", SYNTAX),
            (json.dumps({"Version": "2012-10-17", "Statement": []}), SYNTAX),
            (json.dumps({"Version": "2012-10-17", "Statement": [READ], "Statements": []}), SYNTAX),
            (json.dumps({"Version": "2012-10-18", "Statement": [READ]}), SYNTAX),
            (json.dumps({"Statement": [READ]}), "Policy document must be version 2012-10-17 or greater."),
            (
                json.dumps({"Version": "2008-10-17", "Statement": [READ]}),
                "Policy document must be version 2012-10-17 or greater.",
            ),
            (policy({**READ, "Effect": "allow"}), SYNTAX),
            (policy({**READ, "Actions": "s3:GetObject"}), SYNTAX),
            (policy({**READ, "NotAction": "s3:GetObject"}), SYNTAX),
            (policy({**READ, "Condition": {"StringEqual": {"aws:username": "me"}}}), SYNTAX),
            (policy({**READ, "Principal": "*"}), "Policy document should not specify a principal."),
            (policy({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
            (policy({"Effect": "Allow", "Action": "s3:GetObject"}), "Policy statement must contain resources."),
            (
                policy({**READ, "Sid": "One"}, {**READ, "Sid": "One"}),
                "Statement IDs (SID) in a single policy must be unique.",
            ),
            (
                policy({**READ, "Action": "GetObject"}),
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
            ),
            (policy({**READ, "Action": "s3:Get:Object"}), "Actions/Condition can contain only one colon."),
            (policy({**READ, "Action": "s 3:GetObject"}), "Vendor s 3 is not valid"),
            (policy({**READ, "Resource": "bucket"}), 'Resource bucket must be in ARN format or "*".'),
            (
                policy({**READ, "Resource": "arn:amazon:s3:::bucket"}),
                'Partition "amazon" is not valid for resource "arn:amazon:s3:*:*:bucket".',
            ),
            (
                policy({**READ, "Resource": "arn:aws:iam:us-west-2:000000000000:role/any"}),
                "IAM resource arn:aws:iam:us-west-2:000000000000:role/any cannot contain region information.",
            ),
            (policy({**READ, "Resource": "arn:aws:s3"}), "The policy failed legacy parsing"),
        ],
    )
    def test_that_is_malformed(self, iam, role_name, refused, document, message):
        malformed = ("MalformedPolicyDocument", message)
        assert refused(iam.create_policy, PolicyName=name(), PolicyDocument=document) == malformed
        inline = {"RoleName": role_name, "PolicyName": "inline", "PolicyDocument": document}
        assert refused(iam.put_role_policy, **inline) == malformed
        assert iam.list_role_policies(RoleName=role_name)["PolicyNames"] == []

    def test_that_is_too_long_without_its_white_space(self, iam, role_name, refused):
        long = policy({**READ, "Resource": [f"arn:aws:s3:::{'x' * 90}/{n:05}" for n in range(54)]})
        size = len(long.replace(" ", ""))
        assert 6144 - 120 < size <= 6144
        iam.create_policy(PolicyName=name(), PolicyDocument=long + " " * 1000)
        longer = policy({**READ, "Resource": [f"arn:aws:s3:::{'x' * 90}/{n:05}" for n in range(55)]})
        quota = ("LimitExceeded", "Cannot exceed quota for PolicySize: 6144")
        assert refused(iam.create_policy, PolicyName=name(), PolicyDocument=longer) == quota
        iam.put_role_policy(RoleName=role_name, PolicyName="one", PolicyDocument=long)
        iam.put_role_policy(RoleName=role_name, PolicyName="one", PolicyDocument=long)
        second = {"RoleName": role_name, "PolicyName": "two", "PolicyDocument": long}
        assert refused(iam.put_role_policy, **second) == (
            "LimitExceeded",
            f"Maximum policy size of 10240 bytes exceeded for role {role_name}",
        )


class TestATrustPolicy:
    @pytest.mark.parametrize(
        "service", ["states.amazonaws.com", "states.us-west-2.amazonaws.com", "delivery.logs.amazonaws.com"]
    )
    def test_can_name_a_service_or_its_regional_form(self, iam, service):
        trust = policy({**TRUST, "Principal": {"Service": service}})
        assert iam.create_role(RoleName=name(), AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    def test_can_have_the_older_version(self, iam):
        trust = json.dumps({"Version": "2008-10-17", "Statement": [TRUST]})
        assert iam.create_role(RoleName=name(), AssumeRolePolicyDocument=trust)["Role"]["Arn"]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"Principal": None}, "Missing required field Principal"),
            ({"Resource": "*"}, "Has prohibited field Resource."),
            ({"Action": "s3:GetObject"}, "AssumeRole policy may only specify STS AssumeRole actions."),
            ({"Action": "*"}, "AssumeRole policy may only specify STS AssumeRole actions."),
            ({"Effect": "Permit"}, SYNTAX),
            (
                {"Principal": {"Service": "sagmaker.amazonaws.com"}},
                'Invalid principal in policy: "SERVICE":"sagmaker.amazonaws.com"',
            ),
            (
                {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}},
                f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:role/none"',
            ),
        ],
    )
    def test_is_rejected_if_it_is_malformed(self, iam, role_name, refused, change, message):
        statement = {key: value for key, value in {**TRUST, **change}.items() if value is not None}
        malformed = ("MalformedPolicyDocument", message)
        document = policy(statement)
        assert refused(iam.create_role, RoleName=name(), AssumeRolePolicyDocument=document) == malformed
        assert refused(iam.update_assume_role_policy, RoleName=role_name, PolicyDocument=document) == malformed

    def test_is_rejected_if_it_is_too_long(self, iam, refused):
        sources = [f"arn:aws:s3:::{'x' * 90}{n:05}" for n in range(20)]
        trust = policy({**TRUST, "Condition": {"ArnEquals": {"aws:SourceArn": sources}}})
        assert refused(iam.create_role, RoleName=name(), AssumeRolePolicyDocument=trust) == (
            "LimitExceeded",
            "Cannot exceed quota for ACLSizePerRole: 2048",
        )

    def test_of_a_missing_role_is_not_read(self, iam, refused):
        missing = ("NoSuchEntity", "The role with name none cannot be found.")
        assert refused(iam.update_assume_role_policy, RoleName="none", PolicyDocument="no JSON") == missing
        inline = {"RoleName": "none", "PolicyName": "inline", "PolicyDocument": "no JSON"}
        assert refused(iam.put_role_policy, **inline) == missing
