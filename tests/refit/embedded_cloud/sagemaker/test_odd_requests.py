"""Requests that no SDK would send: whatever is in them, the answer is the service's own, and never a fault of ours."""

from __future__ import annotations

import copy
import http.client
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from refit.embedded_cloud.sagemaker.api import OPERATIONS
from tests.support.embedded_cloud import processing
from tests.support.embedded_cloud.customer import IMAGE, Customer, channel

ROUNDS = 12
SEED = 20261130
ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    "a" * 9000,
    "ä☃",
    "\ud800",
    "\x00\r\n",
    "aws:arn",
    "s3://",
    "arn:aws:sagemaker:us-west-2:000000000000:model/",
    [],
    [[]],
    {},
    {"": {}},
    [None],
)
RAW = (b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 50_000, b'{"ModelName":' * 20_000, b"9" * 5000, b'{"a": NaN}')


def requests(customer: Customer) -> dict[str, dict[str, Any]]:
    """A request of each operation with many members, about resources that do not exist."""
    tags = [{"Key": "a", "Value": "1"}]
    arn = f"arn:aws:sagemaker:{customer.cloud.region}:000000000000:model/never"
    listing = {"NameContains": "a", "MaxResults": 5, "SortBy": "Name", "SortOrder": "Ascending", "NextToken": "bm8="}
    times = {"CreationTimeAfter": 1.0, "CreationTimeBefore": 2.0}
    container = {"Image": IMAGE, "ModelDataUrl": "s3://homes/never.tar.gz", "Environment": {"A": "1"}}
    variant = customer.variant("A", "never") | {"RoutingConfig": {"RoutingStrategy": "RANDOM"}}
    guarded = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "never"}]}}
    names = ("ModelName", "EndpointName", "EndpointConfigName", "TrainingJobName", "ProcessingJobName")
    of_name = {operation: dict.fromkeys(names, "a") for operation in OPERATIONS}
    of_list = {name: {**listing, **times} for name in OPERATIONS if name.startswith("List")}
    return {
        **of_name,
        **of_list,
        "AddTags": {"ResourceArn": arn, "Tags": tags},
        "ListTags": {"ResourceArn": arn, "MaxResults": 50, "NextToken": "a"},
        "DeleteTags": {"ResourceArn": arn, "TagKeys": ["a"]},
        "CreateModel": {
            "ModelName": "never",
            "PrimaryContainer": container,
            "ExecutionRoleArn": customer.role,
            "Tags": tags,
            "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
        },
        "CreateEndpointConfig": {"EndpointConfigName": "never", "ProductionVariants": [variant], "Tags": tags},
        "CreateEndpoint": {"EndpointName": "never", "EndpointConfigName": "never", "DeploymentConfig": guarded},
        "UpdateEndpoint": {
            "EndpointName": "never",
            "EndpointConfigName": "never",
            "RetainAllVariantProperties": True,
            "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
        },
        "UpdateEndpointWeightsAndCapacities": {
            "EndpointName": "never",
            "DesiredWeightsAndCapacities": [{"VariantName": "A", "DesiredWeight": 1.0, "DesiredInstanceCount": 1}],
        },
        "CreateTrainingJob": {
            "TrainingJobName": "never",
            "RoleArn": customer.role,
            "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            "HyperParameters": {"predictor_type": "regressor"},
            "InputDataConfig": [channel("train", "s3://homes/never/", "S3Prefix")],
            "OutputDataConfig": {"S3OutputPath": "s3://homes/models/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
            "Tags": tags,
        },
        # The role does not exist, so that the job passes every other check and is never created.
        "CreateProcessingJob": processing.request(
            "never",
            "arn:aws:iam::000000000000:role/never",
            "s3://homes/never.py",
            arguments=["--data", "/opt/ml/processing/data"],
            inputs=[processing.s3_input("data", "s3://homes/never/", "/opt/ml/processing/data")],
            outputs=[processing.s3_output("report", "s3://homes/never/", "/opt/ml/processing/report")],
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            Environment={"A": "1"},
            NetworkConfig={"EnableNetworkIsolation": True},
            Tags=tags,
        ),
    }


def mutations(request: dict[str, Any], rounds: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Copies of the request in which one or two values are odd."""
    for _ in range(rounds):
        changed = copy.deepcopy(request)
        for _ in range(chance.choice((1, 1, 2))):
            parent, key = chance.choice(list(places(changed)))
            parent[key] = copy.deepcopy(chance.choice(ODD))
        yield changed


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value inside `value`: its container and its key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(pairs):
        yield value, key
        yield from places(item)


class Sender:
    """Sends raw bodies, signed with one access key."""

    def __init__(self, customer: Customer, key: str, secret: str) -> None:
        self._url = customer.cloud.endpoint_url
        self._signer = SigV4Auth(Credentials(key, secret), "sagemaker", customer.cloud.region)
        self._connection = http.client.HTTPConnection(self._url.removeprefix("http://"), timeout=120)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """The status and the JSON document of the answer."""
        request = AWSRequest("POST", f"{self._url}{path}", headers, body)
        self._signer.add_auth(request)
        self._connection.request("POST", path, body, dict(request.headers.items()))
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())


@pytest.fixture(scope="module")
def senders(account: Customer) -> list[Sender]:
    """The root user, and a user whose policy is evaluated for the resources that the request names."""
    account.iam.create_user(UserName="odd")
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    account.iam.put_user_policy(UserName="odd", PolicyName="all", PolicyDocument=policy)
    key = account.iam.create_access_key(UserName="odd")["AccessKey"]
    return [Sender(account, "test", "test"), Sender(account, key["AccessKeyId"], key["SecretAccessKey"])]


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_answer_is_a_response_or_an_error_of_the_service(
    account: Customer, senders: list[Sender], operation: str
) -> None:
    chance = random.Random(f"{SEED}{operation}")  # noqa: S311 - not a secret
    bodies = [json.dumps(each).encode() for each in mutations(requests(account)[operation], ROUNDS, chance)]
    for number, body in enumerate([*bodies, *RAW]):
        sender = senders[number % len(senders)]
        status, document = sender.post("/", body, {"x-amz-target": f"SageMaker.{operation}"})
        assert status in (200, 400), (status, document, body[:300])
        if status == 400:
            known = {"ValidationException", "SerializationException", "ResourceLimitExceeded"}
            assert document["__type"] in known, (document, body[:300])
            assert document["message"]


@pytest.mark.parametrize("path", ["invocations", "async-invocations", "never", "", "a/b"])
def test_every_answer_of_the_runtime_is_an_error_of_the_service(senders: list[Sender], path: str) -> None:
    odd = ("", "a" * 5000, "s3://", "1e9", "99999999999999999999")
    names = ("InputLocation", "RequestTTLSeconds", "InvocationTimeoutSeconds", "Inference-Id", "Filename")
    for value in odd:
        headers = {f"x-amzn-sagemaker-{name}": value for name in names}
        for sender in senders:
            status, document = sender.post(f"/endpoints/never/{path}", b"1", headers)
            assert status in (400, 404), (status, document)
            assert document["Message"]
