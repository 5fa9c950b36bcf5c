"""A small account on an embedded cloud of its own, for the suites that Refit wrote."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from benchmarks.fidelity.refusals import step_functions
from benchmarks.fidelity.refusals.permissions import FUNCTION
from benchmarks.fidelity.refusals.refusal import BUCKET, NAME, REGION, ROLE
from benchmarks.fidelity.refusals.sagemaker import CONFIG, JOB, MODEL
from refit.embedded_cloud import lifecycle

SERVICES = ("sagemaker.amazonaws.com", "states.amazonaws.com", "lambda.amazonaws.com")


@contextmanager
def embedded_cloud(**settings: str) -> Iterator[lifecycle.Cloud]:
    """A new embedded cloud on a free port, removed afterwards. Not in strict mode, because requests are sent once."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            yield lifecycle.start(Path(folder), 0, extra_env={"REFIT_LOCAL_STRICT": "0", **settings})
        finally:
            lifecycle.stop(Path(folder))


def client(cloud: lifecycle.Cloud, service: str) -> Any:
    """A client that sends requests as they are, and each of them once."""
    return boto3.client(
        service,
        endpoint_url=cloud.endpoint_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the embedded cloud's
        config=Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            inject_host_prefix=False,
        ),
    )


def fill(cloud: lifecycle.Cloud) -> None:
    """Creates what the requests of benchmarks.fidelity.refusals refer to."""
    s3, iam = client(cloud, "s3"), client(cloud, "iam")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="data/day.csv", Body=b"1,2\n2,4\n")
    s3.put_object(Bucket=BUCKET, Key="model.tar.gz", Body=empty_archive())
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust(*SERVICES))
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_role_policy(RoleName="worker", PolicyName="everything", PolicyDocument=policy)
    iam.create_role(RoleName="stranger", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    client(cloud, "ssm").put_parameter(Name=f"/{NAME}", Type="String", Value="a")

    sagemaker = client(cloud, "sagemaker")
    sagemaker.create_training_job(**{**JOB, "TrainingJobName": NAME})
    sagemaker.create_model(**{**MODEL, "ModelName": NAME})
    sagemaker.create_endpoint_config(**{**CONFIG, "EndpointConfigName": NAME})
    sagemaker.create_endpoint(EndpointName=NAME, EndpointConfigName=NAME)

    functions = client(cloud, "lambda")
    functions.create_function(**{**FUNCTION, "FunctionName": NAME})
    functions.add_permission(
        FunctionName=NAME, StatementId="one", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    states = client(cloud, "stepfunctions")
    states.create_state_machine(name=NAME, definition=json.dumps(step_functions.WAITS), roleArn=ROLE)
    states.start_execution(stateMachineArn=step_functions.MACHINE, name=NAME, input="{}")


def trust(*services: str) -> str:
    """A trust policy for services."""
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def empty_archive() -> bytes:
    """A gzip compressed tar archive without files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz"):
        pass
    return packed.getvalue()
