"""A cloud in strict mode: IAM, SSM, EventBridge and its Scheduler."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud.strict import parameters, roles, rules
from tests.support.waiting import until

TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
Client = Callable[..., Any]


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {"REFIT_LOCAL_STRICT": "1"}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture(scope="module")
def iam(client: Client) -> Any:
    return client("iam")


@pytest.fixture
def role(iam: Any) -> str:
    """The name of a role that everyone may assume, and that may read and write parameters once that is in force."""
    name = f"role-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(TRUST))
    return name


def allow(iam: Any, role: str, *actions: str) -> None:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=policy(statement))


@pytest.fixture(scope="module")
def ssm_of(user: Callable[..., Client]) -> Callable[[str], Any]:
    """SSM with the credentials of a role."""
    sts = user({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})("sts")

    def assume(role: str) -> Any:
        arn = f"arn:aws:iam::000000000000:role/{role}"
        found = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return boto3.client(
            "ssm",
            endpoint_url=sts.meta.endpoint_url,
            region_name=sts.meta.region_name,
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"],
        )

    return assume


def code(call: Callable[..., Any], **arguments: Any) -> str:
    """The error code of a call, or "" if it succeeds."""
    try:
        call(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


class TestRoles:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency"""

    def test_a_policy_is_in_force_a_moment_after_it_was_attached(
        self, iam: Any, role: str, ssm_of: Callable[[str], Any]
    ) -> None:
        ssm = ssm_of(role)
        time.sleep(roles.SECONDS)
        allow(iam, role, "ssm:GetParameter")
        assert code(ssm.get_parameter, Name="/nothing") == "AccessDeniedException"
        until(lambda: code(ssm.get_parameter, Name="/nothing"), lambda found: found == "ParameterNotFound")

    def test_a_deleted_policy_is_in_force_a_moment_longer(
        self, iam: Any, role: str, ssm_of: Callable[[str], Any]
    ) -> None:
        allow(iam, role, "ssm:GetParameter")
        ssm = ssm_of(role)
        until(lambda: code(ssm.get_parameter, Name="/nothing"), lambda found: found == "ParameterNotFound")
        iam.delete_role_policy(RoleName=role, PolicyName="all")
        assert code(ssm.get_parameter, Name="/nothing") == "ParameterNotFound"
        until(lambda: code(ssm.get_parameter, Name="/nothing"), lambda found: found == "AccessDeniedException")

    def test_a_new_role_cannot_be_assumed_by_a_service_at_once(self, client: Client, iam: Any) -> None:
        name = f"role-{uuid.uuid4().hex[:8]}"
        trust = {**TRUST, "Principal": {"Service": "sagemaker.amazonaws.com"}}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        image = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
        model = {
            "ModelName": name,
            "ExecutionRoleArn": arn,
            "PrimaryContainer": {"Image": image, "ModelDataUrl": "s3://homes/model.tar.gz"},
        }

        def refused() -> str:
            with pytest.raises(ClientError) as caught:
                client("sagemaker").create_model(**model)
            return str(caught.value.response["Error"]["Message"])

        assert "Please ensure that the role exists" in refused()
        until(refused, lambda message: "Please ensure that the role exists" not in message)


@pytest.fixture
def writer(iam: Any, role: str, ssm_of: Callable[[str], Any]) -> Any:
    """SSM with the credentials of a role."""
    allow(iam, role, "ssm:*")
    ssm = ssm_of(role)
    until(lambda: code(ssm.get_parameter, Name="/nothing"), lambda found: found == "ParameterNotFound")
    return ssm


class TestParameters:
    def test_some_writes_of_a_role_are_read_late(self, client: Client, writer: Any) -> None:
        ssm, stale = client("ssm"), 0
        ssm.put_parameter(Name="/watermark", Value="0", Type="String")
        for value in map(str, range(1, 31)):
            writer.put_parameter(Name="/watermark", Value=value, Overwrite=True)
            stale += ssm.get_parameter(Name="/watermark")["Parameter"]["Value"] != value
        until(lambda: ssm.get_parameter(Name="/watermark")["Parameter"]["Value"], lambda found: found == "30")
        assert stale > 30 * parameters.SHARE / 3

    def test_a_new_parameter_may_not_be_found_at_first(self, client: Client, writer: Any) -> None:
        names = [f"/new/{number}" for number in range(30)]
        missing = []
        for name in names:
            writer.put_parameter(Name=name, Value="1", Type="String")
            missing.append(code(client("ssm").get_parameter, Name=name))
        assert {*missing} == {"", "ParameterNotFound"}
        for name in names:
            until(lambda name=name: code(client("ssm").get_parameter, Name=name), lambda found: not found)

    def test_the_writes_of_people_and_terraform_are_read_at_once(self, client: Client) -> None:
        ssm = client("ssm")
        for value in map(str, range(30)):
            ssm.put_parameter(Name="/hold", Value=value, Type="String", Overwrite=True)
            assert ssm.get_parameter(Name="/hold")["Parameter"]["Value"] == value


class TestRules:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html"""

    def test_a_new_rule_does_not_match_at_once(self, client: Client) -> None:
        events, sqs = client("events"), client("sqs")
        queue = sqs.create_queue(QueueName="events")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="all", EventPattern=json.dumps({"source": ["test"]}))
        events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])

        def received(detail: str) -> list[Any]:
            entry = {"Source": "test", "DetailType": "test", "Detail": json.dumps({"number": detail})}
            events.put_events(Entries=[entry])
            messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            return [json.loads(message["Body"])["detail"]["number"] for message in messages]

        assert received("first") == []
        time.sleep(rules.SECONDS)
        assert "first" not in until(lambda: received("later"))


class TestVersioning:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html"""

    def test_lambda_finds_code_at_once_only_if_it_is_older_than_versioning(self, client: Client, iam: Any) -> None:
        trust = policy({**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}})
        role = iam.create_role(RoleName=f"role-{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        time.sleep(roles.SECONDS)
        s3, bucket = client("s3"), f"code-{uuid.uuid4().hex[:8]}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        s3.put_object(Bucket=bucket, Key="before", Body=b"not a zip")
        enabled = {"Bucket": bucket, "VersioningConfiguration": {"Status": "Enabled"}}
        s3.put_bucket_versioning(**enabled)
        s3.put_object(Bucket=bucket, Key="after", Body=b"not a zip")

        def message(key: str) -> str:
            with pytest.raises(ClientError) as caught:
                client("lambda").create_function(
                    FunctionName="f",
                    Runtime="python3.12",
                    Handler="app.handler",
                    Role=role,
                    Code={"S3Bucket": bucket, "S3Key": key},
                )
            return str(caught.value.response["Error"]["Message"])

        assert "NoSuchKey" not in message("before")
        assert "NoSuchKey" in message("after")
        until(lambda: message("after"), lambda found: "NoSuchKey" not in found)
        s3.put_bucket_versioning(**enabled)
        s3.put_object(Bucket=bucket, Key="later", Body=b"not a zip")
        assert "NoSuchKey" not in message("later")
