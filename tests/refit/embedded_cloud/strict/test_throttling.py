"""A share of the calls to each service is rejected with the service's throttling error."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.exceptions import ClientError

from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.throttling import ERRORS, INVOCATION, Bursts, operation, throttled
from tests.support.lambdas.fakes import Raw

ALWAYS, NEVER = Chance("always", 1), Chance("never", 0)
OK = (200, {}, b"done")


async def serve(*_: Any, **__: Any) -> Any:
    return OK


def call(handle: Any, path: str = "/", headers: dict[str, str] | None = None) -> Any:
    found = {INVOCATION: "1"} if headers is None else headers
    return asyncio.run(handle("POST", path, found | {"x-amz-target": "SageMaker.CreateModel"}, b"{}", {}))


def test_no_more_than_two_calls_in_a_row_are_throttled() -> None:
    bursts = Bursts(ALWAYS, ALWAYS)
    assert [bursts.throttles("CreateModel") for _ in range(6)] == [True, True, False] * 2
    single = Bursts(ALWAYS, NEVER)
    assert [single.throttles("CreateModel") for _ in range(4)] == [True, False] * 2


def test_other_operations_have_their_own_bursts() -> None:
    bursts = Bursts(ALWAYS, ALWAYS)
    assert [bursts.throttles(name) for name in ("A", "B", "A", "B", "A", "B")] == [True] * 4 + [False] * 2


def test_a_share_of_the_calls_is_throttled() -> None:
    bursts = Bursts(Chance("calls", 0.1), Chance("bursts", 0.5))
    calls = [bursts.throttles("CreateModel") for _ in range(2000)]
    assert 200 < sum(calls) < 400
    assert max(len(list(run)) for rejected, run in itertools.groupby(calls) if rejected) == 2


def test_a_throttled_call_does_nothing() -> None:
    handle = throttled("sagemaker", serve, Bursts(ALWAYS, NEVER))
    assert call(handle) == ERRORS["sagemaker"]
    assert call(handle) == OK


@pytest.mark.parametrize(("path", "headers"), [("/endpoints/homes/invocations", None), ("/", {})])
def test_predictions_and_clients_that_do_not_retry_are_not_throttled(path: str, headers: dict[str, str] | None) -> None:
    handle = throttled("sagemaker", serve, Bursts(ALWAYS, ALWAYS))
    assert call(handle, path, headers) == OK


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "query", "name"),
    [
        ("POST", "/", {"x-amz-target": "AmazonSSM.GetParameter"}, b"{}", {}, "AmazonSSM.GetParameter"),
        ("POST", "/", {}, b"Action=CreateRole&RoleName=x", {}, "['CreateRole']"),
        ("GET", "/", {}, b"", {"Action": ["GetRole"]}, "['GetRole']"),
        ("PUT", "/homes/a.csv", {}, b"1,2", {}, "PUT /homes/a.csv []"),
        ("GET", "/homes", {}, b"", {"prefix": ["a"], "list-type": ["2"]}, "GET /homes ['list-type', 'prefix']"),
    ],
)
def test_an_operation_is_what_the_request_does(
    method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]], name: str
) -> None:
    assert operation(method, path, headers, body, query) == name


CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "sagemaker": ("sagemaker", "list_models", {}),
    "states": ("stepfunctions", "list_state_machines", {}),
    "ssm": ("ssm", "get_parameter", {"Name": "x"}),
    "events": ("events", "list_rules", {}),
    "logs": ("logs", "describe_log_groups", {}),
    "iam": ("iam", "list_roles", {}),
    "sts": ("sts", "get_caller_identity", {}),
    "scheduler": ("scheduler", "list_schedules", {}),
    "lambda": ("lambda", "list_functions", {}),
    "s3": ("s3", "list_objects_v2", {"Bucket": "homes"}),
}


@pytest.mark.parametrize("service", ERRORS)
@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_the_error_is_one_that_an_sdk_retries(service: str, mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    name, method, arguments = CALLS[service]
    config = Config(retries={"mode": mode, "total_max_attempts": 3})
    client = boto3.client(
        name, region_name="us-west-2", aws_access_key_id="x", aws_secret_access_key="x", config=config
    )
    status, headers, body = ERRORS[service]
    sent: list[str] = []

    def answer(request: Any, **_: Any) -> AWSResponse:
        sent.append(request.url)
        return AWSResponse(request.url, status, headers, Raw(body))

    client.meta.events.register("before-send", answer)
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    assert caught.value.response["Error"]["Code"] in (
        "ThrottlingException",
        "Throttling",
        "TooManyRequestsException",
        "SlowDown",
    )
    assert len(sent) == 3
