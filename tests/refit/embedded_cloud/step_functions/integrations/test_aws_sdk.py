"""AWS SDK integrations: the permissions that they need, their requests and results, and the names of their errors.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.embedded_cloud.state_machine_rights import (
    ACCOUNT,
    BUCKET,
    DATA_RIGHTS,
    IMAGE,
    REGION,
    TRAIN,
    fill,
    job,
    job_rights,
    task,
    without,
)

OBJECTS = f"arn:aws:s3:::{BUCKET}/*"
OWN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"


def sdk(operation, arguments, **fields):
    return task(f"arn:aws:states:::aws-sdk:{operation}", arguments, **fields)


@pytest.fixture(scope="module")
def s3(client):
    fill(client("s3"))
    return client("s3")


@pytest.fixture(scope="module")
def calling(machine, role, outcome):
    """Runs a state machine with one SDK task and a role with these permissions; returns the execution's description."""

    def call(operation, arguments, *rights, **fields):
        return outcome(machine(sdk(operation, arguments, **fields), role("states", *rights)))

    return call


def output(described):
    assert described["status"] == "SUCCEEDED", described
    return json.loads(described["output"])


class TestPuttingAnObject:
    RIGHT = ("s3:PutObject", OBJECTS)

    @pytest.mark.parametrize(
        ("body", "stored"),
        [({"a": [1, None]}, '{"a":[1,null]}'), ([1, "ü"], '[1,"\\u00fc"]'), ("as it is", "as it is")],
        ids=["object", "array", "text"],
    )
    def test_stores_json_as_its_text_and_text_as_it_is(self, s3, calling, body: object, stored: str):
        arguments = {"Bucket": BUCKET, "Key": "put", "Body": body, "ContentType": "application/json"}
        assert "ETag" in output(calling("s3:putObject", arguments, self.RIGHT))
        found = s3.get_object(Bucket=BUCKET, Key="put")
        assert (found["Body"].read().decode(), found["ContentType"]) == (stored, "application/json")

    def test_needs_the_right_for_the_object(self, s3, calling):
        other = ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/runs/*")
        described = calling("s3:putObject", {"Bucket": BUCKET, "Key": "elsewhere", "Body": "x"}, other)
        assert described["error"] == "S3.AccessDeniedException"
        assert "is not authorized to perform: s3:PutObject" in described["cause"]
        assert "(Service: S3, Status Code: 403, Request ID: " in described["cause"]
        assert described["cause"].endswith(") (SDK Attempt Count: 1)")

    def test_heeds_a_condition(self, s3, calling):
        arguments = {"Bucket": BUCKET, "Key": "once", "Body": "1", "IfNoneMatch": "*"}
        output(calling("s3:putObject", arguments, self.RIGHT))
        described = calling("s3:putObject", arguments, self.RIGHT)
        assert described["error"] == "S3.S3Exception"
        assert "Status Code: 412" in described["cause"]


class TestGettingAnObject:
    RIGHTS = (("s3:GetObject", OBJECTS), ("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"))

    def test_answers_with_its_text(self, s3, calling):
        s3.put_object(Bucket=BUCKET, Key="lease", Body=b'{"run": 1}', ContentType="application/json")
        answer = output(calling("s3:getObject", {"Bucket": BUCKET, "Key": "lease"}, *self.RIGHTS))
        assert (answer["Body"], answer["ContentType"], answer["ContentLength"]) == (
            '{"run": 1}',
            "application/json",
            10,
        )
        assert datetime.now(UTC) - datetime.fromisoformat(answer["LastModified"]) < timedelta(minutes=1)

    def test_names_a_missing_key_with_the_right_to_list(self, s3, calling):
        described = calling("s3:getObject", {"Bucket": BUCKET, "Key": "none"}, *self.RIGHTS)
        assert described["error"] == "S3.NoSuchKeyException"
        assert described["cause"].startswith("The specified key does not exist. (Service: S3, Status Code: 404, ")

    def test_hides_it_without_that_right(self, s3, calling):
        """https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html"""
        described = calling("s3:getObject", {"Bucket": BUCKET, "Key": "none"}, self.RIGHTS[0])
        assert described["error"] == "S3.AccessDeniedException"
        assert "Status Code: 403" in described["cause"]


class TestAParameter:
    def test_is_written_and_read(self, calling):
        arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/homes/latest"
        value = {"Name": "/homes/latest", "Value": "2026-11-07", "Type": "String", "Overwrite": True}
        assert output(calling("ssm:putParameter", value, ("ssm:PutParameter", arn)))["Version"] == 1
        read = output(calling("ssm:getParameter", {"Name": "/homes/latest"}, ("ssm:GetParameter", arn)))["Parameter"]
        assert (read["Value"], read["Arn"]) == ("2026-11-07", arn)
        assert read["LastModifiedDate"].endswith("Z")

    def test_that_there_is_not_is_named(self, calling):
        described = calling("ssm:getParameter", {"Name": "/none"}, ("ssm:GetParameter", "*"))
        assert described["error"] == "Ssm.ParameterNotFoundException"

    def test_is_not_written_without_the_right(self, calling):
        value = {"Name": "/homes/latest", "Value": "2026-11-07", "Type": "String", "Overwrite": True}
        described = calling("ssm:putParameter", value, ("ssm:GetParameter", "*"))
        assert "not authorized to perform: ssm:PutParameter" in described["cause"]


@pytest.fixture(scope="module")
def server(role, s3):
    return role("sagemaker", *DATA_RIGHTS)


@pytest.fixture(scope="module")
def artifact(machine, outcome, role, server):
    answer = output(outcome(machine(task(TRAIN, job(server)), role("states", *job_rights(server)))))
    return answer["ModelArtifacts"]["S3ModelArtifacts"]


class TestSageMaker:
    def model(self, server, artifact, **changes):
        container = {"Image": IMAGE, "ModelDataUrl": artifact, "Environment": {"A": "1"}}
        return {"ModelName": "homes", "PrimaryContainer": container, "ExecutionRoleArn": server, **changes}

    def rights(self, server):
        actions = ("CreateModel", "CreateEndpointConfig", "CreateEndpoint", "DescribeEndpoint", "AddTags", "ListTags")
        return [*((f"sagemaker:{action}", "*") for action in actions), ("iam:PassRole", server)]

    def test_deploys_a_model(self, machine, outcome, role, server, artifact):
        tags = [{"Key": "refit:pipeline", "Value": "homes"}]
        variant = {"VariantName": "AllTraffic", "ModelName": "homes", "InstanceType": "ml.m5.large"}
        steps = {
            "createModel": self.model(server, artifact, Tags=tags),
            "createEndpointConfig": {
                "EndpointConfigName": "homes",
                "ProductionVariants": [{**variant, "InitialInstanceCount": 1, "InitialVariantWeight": 1}],
            },
            "createEndpoint": {"EndpointName": "homes", "EndpointConfigName": "homes"},
            "describeEndpoint": {"EndpointName": "homes"},
        }
        states = {name: sdk(f"sagemaker:{name}", arguments)["Task"] for name, arguments in steps.items()}
        names = list(states)
        for name, following in itertools.pairwise(names):
            states[name] = {**{key: value for key, value in states[name].items() if key != "End"}, "Next": following}
        answer = output(outcome(machine(states, role("states", *self.rights(server)))))
        assert (answer["EndpointName"], answer["EndpointConfigName"]) == ("homes", "homes")
        assert answer["EndpointStatus"] in ("Creating", "InService")
        assert datetime.now(UTC) - datetime.fromisoformat(answer["CreationTime"]) < timedelta(minutes=1)

    def test_needs_the_rights_for_all_that_a_request_names(self, calling, server, artifact):
        rights = without(self.rights(server), "iam:PassRole")
        described = calling("sagemaker:createModel", self.model(server, artifact), *rights)
        assert described["error"] == "SageMaker.SageMakerException"
        assert f"not authorized to perform: iam:PassRole on resource: {server}" in described["cause"]
        request = {"EndpointName": "homes", "EndpointConfigName": "homes"}
        described = calling("sagemaker:updateEndpoint", request, ("sagemaker:UpdateEndpoint", f"{OWN}:endpoint/homes"))
        assert f"on resource: {OWN}:endpoint-config/homes" in described["cause"]

    def test_names_what_the_model_of_the_service_does_not_declare_after_the_service(self, calling):
        described = calling("sagemaker:describeEndpoint", {"EndpointName": "none"}, ("sagemaker:DescribeEndpoint", "*"))
        assert described["error"] == "SageMaker.SageMakerException"
        expected = f'Could not find endpoint "{OWN}:endpoint/none". (Service: SageMaker, Status Code: 400, Request ID: '
        assert described["cause"].startswith(expected)

    def test_has_the_name_of_an_error_that_only_other_operations_declare(self, client, calling, artifact):
        """SageMaker's model declares ResourceLimitExceeded, but not for AddTags."""
        job = client("sagemaker").list_training_jobs()["TrainingJobSummaries"][0]["TrainingJobArn"]
        tags = [{"Key": str(number), "Value": ""} for number in range(50)]
        described = calling("sagemaker:addTags", {"ResourceArn": job, "Tags": tags}, ("sagemaker:AddTags", "*"))
        assert described["error"] == "SageMaker.ResourceLimitExceededException"

    def test_is_not_sent_what_the_operation_does_not_have(self, machine, outcome, role):
        states = sdk("sagemaker:describeEndpoint", "{% $states.input %}")
        described = outcome(
            machine(states, role("states", ("sagemaker:*", "*"))), {"EndpointName": "x", "Name": "none"}
        )
        assert described["error"] == "States.Runtime"
        assert 'The field "Name" is not supported by Step Functions' in described["cause"]


class TestABucketThatThereIsNot:
    def test_is_named_in_every_operation(self, calling):
        """error_handling/test_aws_sdk.snapshot.json::test_no_such_bucket of localstack/localstack."""
        described = calling("s3:listObjects", {"Bucket": "no-such-bucket-there"}, ("s3:ListBucket", "*"))
        assert described["error"] == "S3.NoSuchBucketException"
        expected = "The specified bucket does not exist (Service: S3, Status Code: 404, Request ID: "
        assert described["cause"].startswith(expected)


class TestAnOperation:
    @pytest.mark.parametrize("operation", ["sagemaker:createTheWorld", "nothing:getThing"])
    def test_that_there_is_not_is_refused_in_the_definition(self, sfn, role, refused, operation: str):
        definition = json.dumps({"StartAt": "Task", "States": sdk(operation, {})})
        code, message = refused(sfn.create_state_machine, name="none", definition=definition, roleArn=role("states"))
        assert code == "InvalidDefinition"
        assert f"The resource provided arn:aws:states:::aws-sdk:{operation} is not recognized" in message
