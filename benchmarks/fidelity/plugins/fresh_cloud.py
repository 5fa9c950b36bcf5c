"""A plugin of pytest for moto's tests: each starts with an empty account, and asks for what AWS could give.

moto's tests name roles, images, data and artifacts that do not exist. AWS would reject these requests, and so does the
embedded cloud: the plugin names others that exist, and shows the test its own names again. moto keeps the case of names
in ARNs, where AWS writes them in lower case: the plugin restores it. moto's jobs and endpoints change at once: the
plugin waits until a change has ended.
"""

from __future__ import annotations

import json
import os
import re
import time
from typing import Any

import boto3
import pytest
import requests
from botocore.client import BaseClient
from botocore.exceptions import ClientError

OURS, MOTOS = "000000000000", "123456789012"
ENDPOINT = os.environ["TEST_SERVER_MODE_ENDPOINT"]
ARN = "arn:aws:sagemaker:"
ROLE = f"arn:aws:iam::{OURS}:role/worker"
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
EXISTING = {
    "RoleArn": ROLE,
    "ExecutionRoleArn": ROLE,
    "Image": IMAGE,
    "TrainingImage": IMAGE,
    "S3Uri": "s3://homes-{region}/data/",
    "ModelDataUrl": "s3://homes-{region}/model.tar.gz",
}
CONTAINER = {"Image": IMAGE, "ModelDataUrl": EXISTING["ModelDataUrl"]}
ENDPOINT_CHANGE = ("DescribeEndpoint", "EndpointName", "EndpointStatus")
CHANGES = {
    "CreateEndpoint": ENDPOINT_CHANGE,
    "UpdateEndpointWeightsAndCapacities": ENDPOINT_CHANGE,
    "DeleteEndpoint": ENDPOINT_CHANGE,
    "CreateTrainingJob": ("DescribeTrainingJob", "TrainingJobName", "TrainingJobStatus"),
}
"""How to see the end of what an operation begins."""
REGIONS = ("us-east-1", "eu-west-1")
SERVICE = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

called: Any = BaseClient._make_api_call
_trained: list[bytes] = []


@pytest.fixture(autouse=True)
def _fresh_cloud() -> None:
    if not _trained:
        _fill(b"")
        _trained.append(_artifact(REGIONS[0]))
    _fill(_trained[0])


def _fill(artifact: bytes) -> None:
    """Empties the account, then creates what requests may name."""
    requests.post(f"{ENDPOINT}/_ministack/reset", timeout=60)
    iam = boto3.client("iam", endpoint_url=ENDPOINT)
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=_policy(SERVICE))
    iam.put_role_policy(RoleName="worker", PolicyName="all", PolicyDocument=_policy(EVERYTHING))
    for region in REGIONS:
        s3, bucket = boto3.client("s3", region, endpoint_url=ENDPOINT), {"Bucket": f"homes-{region}"}
        place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != REGIONS[0] else {}
        s3.create_bucket(**bucket, **place)
        s3.put_object(**bucket, Key="data/day.csv", Body=b"1,2\n")
        s3.put_object(**bucket, Key="model.tar.gz", Body=artifact)


def _artifact(region: str) -> bytes:
    """The artifact of a model, trained once for all tests: no endpoint comes into service with less."""
    sagemaker, bucket = boto3.client("sagemaker", region, endpoint_url=ENDPOINT), f"homes-{region}"
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/data/"}}
    job: dict[str, Any] = {
        "TrainingJobName": "trained",
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "HyperParameters": {"predictor_type": "regressor", "mini_batch_size": "1"},
        "InputDataConfig": [{"ChannelName": "train", "ContentType": "text/csv", "DataSource": source}],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    called(sagemaker, "CreateTrainingJob", job)
    _wait(sagemaker, "CreateTrainingJob", job)
    s3 = boto3.client("s3", region, endpoint_url=ENDPOINT)
    content: bytes = s3.get_object(Bucket=bucket, Key="models/trained/output/model.tar.gz")["Body"].read()
    return content


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
    if client.meta.service_model.service_name != "sagemaker":
        return called(client, operation, parameters)
    given: dict[str, str] = _call.given  # type: ignore[attr-defined]
    if operation == "CreateModel" and not {"PrimaryContainer", "Containers"} & parameters.keys():
        parameters = {**parameters, "PrimaryContainer": CONTAINER}
    parameters = _existing(parameters, given, client.meta.region_name)
    try:
        answer = _back(called(client, operation, parameters), given)
        _wait(client, operation, parameters)
        return answer
    except ClientError as error:
        raise ClientError(_back(error.response, given), operation) from error


def _wait(client: Any, operation: str, parameters: dict[str, Any]) -> None:
    if operation not in CHANGES:
        return
    describe, name, status = CHANGES[operation]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            found = called(client, describe, {name: parameters[name]})
        except ClientError:
            return
        if not found[status].endswith("ing") and found[status] != "InProgress":
            return
        time.sleep(0.05)


def _existing(value: Any, given: dict[str, str], region: str, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _existing(inside, given, region, key) for key, inside in value.items()}
    if isinstance(value, list):
        return [_existing(inside, given, region, name) for inside in value]
    if isinstance(value, str) and name in EXISTING:
        existing = EXISTING[name].format(region=region)
        given[existing] = value
        return existing
    if not isinstance(value, str):
        return value
    if value.startswith(ARN):
        return value.replace(MOTOS, OURS).lower()
    if name.endswith("Name"):
        given[f"/{value.lower()}"] = f"/{value}"
    return value


def _back(value: Any, given: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _back(inside, given) for key, inside in value.items()}
    if isinstance(value, list):
        return [_back(inside, given) for inside in value]
    if not isinstance(value, str):
        return value
    value = given.get(value, value.replace(OURS, MOTOS))
    return re.sub(rf"{ARN}[\w:-]+(/[\w-]+)", lambda arn: _with_its_case(arn, given), value)


def _with_its_case(arn: re.Match[str], given: dict[str, str]) -> str:
    return arn[0].removesuffix(arn[1]) + given.get(arn[1], arn[1])


_call.given = {}  # type: ignore[attr-defined]
BaseClient._make_api_call = _call
