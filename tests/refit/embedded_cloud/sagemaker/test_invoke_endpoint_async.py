"""InvokeEndpointAsync: the answer is an object, and so is the error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.customer import BUCKET, Customer, refused
from tests.support.waiting import until

OUTPUT = {"S3OutputPath": f"s3://{BUCKET}/models/answers/", "S3FailurePath": f"s3://{BUCKET}/models/errors"}


@pytest.fixture(scope="module")
def endpoint(account: Customer) -> str:
    """An asynchronous endpoint in service. The role may write below models/ alone."""
    config = account.name("config")
    account.sagemaker.create_endpoint_config(
        EndpointConfigName=config,
        ProductionVariants=[account.variant("AllTraffic", account.new_model(account.doubling))],
        AsyncInferenceConfig={"OutputConfig": OUTPUT, "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4}},
    )
    name = account.start_endpoint(config)
    assert account.settled(name)["EndpointStatus"] == "InService"
    return name


def invoke(customer: Customer, endpoint: str, **request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = customer.runtime.invoke_endpoint_async(EndpointName=endpoint, **request)
    return answer


def written(customer: Customer, uri: str) -> str:
    """The content of the object, once it has been written."""
    key = uri.removeprefix(f"s3://{BUCKET}/")

    def read() -> str | None:
        try:
            return str(customer.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode())
        except ClientError:
            return None

    return str(until(read, lambda content: content is not None))


def test_the_answer_is_written_to_the_output_location(customer: Customer, endpoint: str) -> None:
    uri = customer.put("3", "requests/rows.csv")
    answer = invoke(customer, endpoint, InputLocation=uri, ContentType="text/csv", InferenceId="mine")
    assert (answer["InferenceId"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("mine", 202)
    assert answer["OutputLocation"].startswith(OUTPUT["S3OutputPath"])
    assert answer["OutputLocation"].endswith(".out")
    assert answer["FailureLocation"].startswith(f"{OUTPUT['S3FailurePath']}/")
    assert answer["FailureLocation"].endswith("-error.out")
    score = json.loads(written(customer, answer["OutputLocation"]))["predictions"][0]["score"]
    assert round(score, 6) == 6


def test_the_request_may_bring_its_body_and_name_the_object_of_the_answer(customer: Customer, endpoint: str) -> None:
    request = {"Body": b"4", "ContentType": "text/csv", "S3OutputPathExtension": "days/1", "Filename": "four.json"}
    answer = invoke(customer, endpoint, **request)
    assert answer["OutputLocation"] == f"{OUTPUT['S3OutputPath']}days/1/four.json"
    assert round(json.loads(written(customer, answer["OutputLocation"]))["predictions"][0]["score"], 6) == 8


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("requests/never.csv", "The specified key does not exist"),
        ("requests/words.csv", "row 1 has a value that is not a number"),
    ],
)
def test_an_error_is_written_to_the_failure_location(customer: Customer, endpoint: str, uri: str, words: str) -> None:
    customer.put("not,numbers", "requests/words.csv")
    answer = invoke(customer, endpoint, InputLocation=f"s3://{BUCKET}/{uri}", ContentType="text/csv")
    assert words in written(customer, answer["FailureLocation"])


def test_each_kind_of_endpoint_rejects_the_invocations_of_the_other(customer: Customer, endpoint: str) -> None:
    assert refused(lambda: customer.invoke(endpoint)) == (
        "ValidationError",
        f"Endpoint {endpoint} is configured for asynchronous inference only.",
    )
    other = customer.new_endpoint(customer.doubling)
    assert refused(lambda: invoke(customer, other, InputLocation="s3://homes/a")) == (
        "ValidationError",
        f"Endpoint {other} is not configured for asynchronous inference.",
    )
    assert refused(lambda: invoke(customer, "never", InputLocation="s3://homes/a")) == (
        "ValidationError",
        "Endpoint never of account 000000000000 not found.",
    )


def test_a_request_has_exactly_one_input_of_bounded_size(customer: Customer, endpoint: str) -> None:
    for request in ({}, {"Body": b"1", "InputLocation": "s3://homes/a"}):
        assert refused(lambda request=request: invoke(customer, endpoint, **request)) == (
            "ValidationError",
            "Specify either InputLocation or a Body.",
        )
    assert refused(lambda: invoke(customer, endpoint, Body=b"1" * 128_001)) == (
        "ValidationError",
        "1 validation error detected: Value at 'body' failed to satisfy constraint: "
        "Member must have length less than or equal to 128000",
    )


def test_the_config_in_service_is_described(customer: Customer, endpoint: str) -> None:
    described = customer.endpoint(endpoint)["AsyncInferenceConfig"]
    assert described == {"OutputConfig": OUTPUT, "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4}}
