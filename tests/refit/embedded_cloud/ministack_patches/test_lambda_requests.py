"""Lambda rejects requests beyond its limits, and environment variables that it reserves, with AWS's messages."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

MIB = 1024 * 1024
UNABLE = "Lambda was unable to configure your environment variables because the environment variables you have provided"


@pytest.fixture(scope="module")
def echo(function: Callable[..., str]) -> str:
    return function("def handler(event, context):\n    return len(event)")


@pytest.fixture
def create(client: Any, role: Callable[..., str]) -> Callable[..., Any]:
    """Creates a function; `changes` are members of the request."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): pass")

    def make(**changes: Any) -> Any:
        request = {
            "FunctionName": f"function-{uuid.uuid4().hex[:8]}",
            "Runtime": "python3.12",
            "Handler": "main.handler",
            "Role": role("lambda"),
            "Code": {"ZipFile": zipped.getvalue()},
        }
        return client("lambda").create_function(**{**request, **changes})

    return make


def error(call: Callable[..., Any], **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.mark.parametrize(("kind", "limit"), [("RequestResponse", 6 * MIB), ("Event", MIB)])
def test_a_payload_has_a_maximum_size(client: Any, echo: str, kind: str, limit: int) -> None:
    fits = json.dumps("x" * (limit - 2))
    assert client("lambda").invoke(FunctionName=echo, InvocationType=kind, Payload=fits)["StatusCode"] in (200, 202)
    assert error(client("lambda").invoke, FunctionName=echo, InvocationType=kind, Payload=f"{fits} ") == (
        "RequestEntityTooLargeException",
        f"{limit + 1} byte payload is too large for the {kind} invocation type (limit {limit} bytes)",
    )


def test_an_environment_has_a_maximum_size(create: Callable[..., Any], client: Any) -> None:
    fits = {"AB": "x" * (4096 - len('{"AB":""}'))}
    name = create(Environment={"Variables": fits})["FunctionName"]
    longer = {"AB": fits["AB"] + "x"}
    message = f'{UNABLE} exceeded the 4KB limit. String measured: {{"AB":"{longer["AB"]}"}}'
    assert error(create, Environment={"Variables": longer}) == ("InvalidParameterValueException", message)
    update = {"FunctionName": name, "Environment": {"Variables": longer}}
    assert error(client("lambda").update_function_configuration, **update)[1] == message


def test_an_environment_has_no_reserved_names(create: Callable[..., Any]) -> None:
    variables = {"AWS_REGION": "us-west-2", "_HANDLER": "x", "AWS_ENDPOINT_URL": "http://127.0.0.1"}
    assert error(create, Environment={"Variables": variables}) == (
        "InvalidParameterValueException",
        f"{UNABLE} contains reserved keys that are currently not supported for modification. "
        "Reserved keys used in this request: AWS_REGION, _HANDLER",
    )


@pytest.mark.parametrize(
    ("member", "value", "limit"),
    [
        ("MemorySize", 10241, "less than or equal to 10240"),
        ("Timeout", 901, "less than or equal to 900"),
    ],
)
def test_memory_and_timeout_have_a_range(create: Callable[..., Any], member: str, value: int, limit: str) -> None:
    code, message = error(create, **{member: value})
    assert code == "ValidationException"
    assert message.endswith(f"failed to satisfy constraint: Member must have value {limit}")


def test_reserved_concurrency_throttles(client: Any, create: Callable[..., Any]) -> None:
    name = create()["FunctionName"]
    client("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    code, message = error(client("lambda").invoke, FunctionName=name)
    assert code == "TooManyRequestsException"
    assert message.startswith("Rate Exceeded")
