"""Lambda rejects malformed functions, and payloads that are not JSON, with AWS's messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FUNCTION = {"FunctionName": "new", "Runtime": "python3.12", "Handler": "main.handler", "Code": {"ZipFile": b"PK"}}


@pytest.fixture(scope="module")
def echo(function: Callable[..., str]) -> str:
    return function("def handler(event, context):\n    return event")


@pytest.mark.parametrize("payload", [b"{", b"homes", b"NaN", b"\xff", b"[" * 100_000])
def test_a_payload_is_json(client: Any, refused: Any, echo: str, payload: bytes) -> None:
    code, message = refused(client("lambda").invoke, FunctionName=echo, Payload=payload)
    assert code == "InvalidRequestContentException"
    assert message.startswith("Could not parse request body into json: Could not parse payload into json: ")


def test_no_payload_is_an_empty_object(client: Any, echo: str) -> None:
    assert client("lambda").invoke(FunctionName=echo)["Payload"].read() == b"{}"


@pytest.mark.parametrize("member", ["Runtime", "Handler"])
def test_a_function_from_an_archive_has_a_runtime_and_a_handler(
    client: Any, refused: Any, role: Callable[..., str], member: str
) -> None:
    request = {name: value for name, value in FUNCTION.items() if name != member}
    assert refused(client("lambda").create_function, **request, Role=role("lambda")) == (
        "InvalidParameterValueException",
        "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    )


def test_a_runtime_exists(client: Any, refused: Any, role: Callable[..., str]) -> None:
    code, message = refused(
        client("lambda").create_function, **{**FUNCTION, "Runtime": "python2.1"}, Role=role("lambda")
    )
    assert code == "InvalidParameterValueException"
    assert message.startswith(
        "Value python2.1 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs, "
    )
    assert message.endswith(" or be a valid ARN")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"FunctionName": "a b"}, "'functionName'"),
        ({"Environment": {"Variables": {"A": "1"}}}, "'environment.variables"),
    ],
)
def test_a_function_is_held_to_the_service_model(
    client: Any, refused: Any, role: Callable[..., str], changes: dict[str, Any], place: str
) -> None:
    code, message = refused(client("lambda").create_function, **{**FUNCTION, **changes}, Role=role("lambda"))
    assert code == "ValidationException"
    assert place in message
    assert "Member must satisfy regular expression pattern" in message
