"""AWS's managed policies exist with AWS's documents, and a policy that does not exist cannot be attached."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy

AWS_POLICIES = "arn:aws:iam::aws:policy"


@pytest.fixture
def iam(client: Any) -> Any:
    return client("iam")


@pytest.fixture
def user_name(iam: Any) -> str:
    name = f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    return name


class TestAPolicyOfAws:
    @pytest.mark.parametrize(
        "name",
        [
            "AdministratorAccess",
            "PowerUserAccess",
            "ReadOnlyAccess",
            "AmazonSageMakerFullAccess",
            "AmazonS3ReadOnlyAccess",
            "AWSLambda_FullAccess",
            "AWSStepFunctionsFullAccess",
            "AmazonSSMReadOnlyAccess",
            "CloudWatchLogsFullAccess",
            "service-role/AWSLambdaBasicExecutionRole",
        ],
    )
    def test_exists_with_its_document(self, iam, name):
        found = iam.get_policy(PolicyArn=f"{AWS_POLICIES}/{name}")["Policy"]
        assert f"{found['Path']}{found['PolicyName']}" == f"/{name}"
        version = iam.get_policy_version(PolicyArn=found["Arn"], VersionId=found["DefaultVersionId"])["PolicyVersion"]
        assert version["IsDefaultVersion"]
        assert {each["Effect"] for each in version["Document"]["Statement"]} == {"Allow"}

    def test_allows_what_it_allows_on_aws(self, client, iam, user_name, refused):
        key = iam.create_access_key(UserName=user_name)["AccessKey"]
        own = client("sagemaker", (key["AccessKeyId"], key["SecretAccessKey"]))
        assert refused(own.list_models)[0] == "AccessDeniedException"
        iam.attach_user_policy(UserName=user_name, PolicyArn=f"{AWS_POLICIES}/AmazonSageMakerFullAccess")
        assert own.list_models()["Models"] == []
        states = client("stepfunctions", (key["AccessKeyId"], key["SecretAccessKey"]))
        assert refused(states.list_state_machines)[0] == "AccessDeniedException"

    def test_of_a_service_cannot_be_attached(self, iam, role, refused):
        arn = f"{AWS_POLICIES}/aws-service-role/AmazonSageMakerNotebooksServiceRolePolicy"
        assert iam.get_policy(PolicyArn=arn)["Policy"]["Path"] == "/aws-service-role/"
        name = role("sagemaker").rpartition("/")[2]
        assert refused(iam.attach_role_policy, RoleName=name, PolicyArn=arn) == (
            "PolicyNotAttachable",
            "Cannot attach a Service Role Policy to a Customer Role.",
        )


class TestAPolicyThatDoesNotExist:
    # Without its path service-role/ the second does not exist either:
    # https://github.com/hashicorp/terraform/issues/31748
    @pytest.mark.parametrize("name", ["AmazonSageMakerFulAccess", "AWSLambdaBasicExecutionRole"])
    def test_of_aws_is_not_attached(self, iam, role, user_name, refused, name):
        arn, role_name = f"{AWS_POLICIES}/{name}", role("lambda").rpartition("/")[2]
        missing = ("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
        assert refused(iam.attach_role_policy, RoleName=role_name, PolicyArn=arn) == missing
        assert refused(iam.attach_user_policy, UserName=user_name, PolicyArn=arn) == missing
        assert iam.list_attached_role_policies(RoleName=role_name)["AttachedPolicies"] == []
        assert refused(iam.get_policy, PolicyArn=arn) == ("NoSuchEntity", f"Policy {arn} was not found.")

    def test_of_the_account_is_not_attached(self, iam, role, refused):
        name, arn = role("lambda").rpartition("/")[2], "arn:aws:iam::000000000000:policy/none"
        assert refused(iam.attach_role_policy, RoleName=name, PolicyArn=arn)[0] == "NoSuchEntity"
        assert refused(iam.attach_role_policy, RoleName=name, PolicyArn="arn:aws:iam::aws:policy")[0] == "InvalidInput"

    def test_is_reported_with_the_missing_role(self, iam, refused):
        arn = f"{AWS_POLICIES}/AmazonS3ReadOnlyAccess"
        assert refused(iam.attach_role_policy, RoleName="none", PolicyArn=arn) == (
            "NoSuchEntity",
            "The role with name none cannot be found.",
        )


def test_a_role_has_at_most_ten_managed_policies(iam, role, refused):
    name = role("lambda").rpartition("/")[2]
    document = policy({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"})
    arns = [
        iam.create_policy(PolicyName=f"policy-{uuid.uuid4().hex[:8]}", PolicyDocument=document)["Policy"]["Arn"]
        for _ in range(11)
    ]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    iam.attach_role_policy(RoleName=name, PolicyArn=arns[0])
    assert refused(iam.attach_role_policy, RoleName=name, PolicyArn=arns[10]) == (
        "LimitExceeded",
        "Cannot exceed quota for PoliciesPerRole: 10",
    )
