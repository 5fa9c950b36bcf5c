"""Bodies that are not requests are rejected with the service's own errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.embedded_cloud.aws_json import request_body
from refit.embedded_cloud.aws_json.errors import ApiError

DEEP = 100_000


def parse(body: bytes, operation: str = "ListModels") -> dict[str, Any]:
    return request_body.parse("sagemaker", operation, body)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'\xef\xbb\xbf{"MaxResults": 1}',
        '{"NameContains": "ä"}'.encode("utf-16"),
        b'{"NameContains": "\xe4"}',
        b'{"NameContains": "\\ud800"}',
        b'{"Unknown": NaN}',
        b'{"Unknown": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b"[" * DEEP,
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
        b'{"MaxResults": 99999999999999999999}',
        b'{"MaxResults": 1.5}',
        b'{"MaxResults": true}',
        b'{"MaxResults": "1"}',
        b'{"MaxResults": {}}',
        b'{"CreationTimeAfter": 1e999}',
        b'{"CreationTimeAfter": -1e300}',
        b'{"CreationTimeAfter": ' + b"9" * 400 + b"}",
        b'{"CreationTimeAfter": "yesterday"}',
        b'{"NameContains": ["a"]}',
    ],
)
def test_a_body_of_the_wrong_form_is_a_serialization_error(body: bytes) -> None:
    with pytest.raises(ApiError) as rejected:
        parse(body)
    assert (rejected.value.code, rejected.value.status) == ("SerializationException", 400)


def test_an_empty_body_is_an_empty_request() -> None:
    assert parse(b"") == parse(b"{}") == {}


def test_members_that_the_service_does_not_know_and_nulls_are_dropped_at_every_level() -> None:
    tags = [{"Key": "a", "Value": "1", "Unknown": [1]}]
    container = {"Image": "image", "Unknown": {}, "Environment": {"A": "1", "B": ""}, "Mode": None}
    request = {"ModelName": "homes", "PrimaryContainer": container, "Tags": tags, "Unknown": None, "VpcConfig": None}
    assert parse(json.dumps(request).encode(), "CreateModel") == {
        "ModelName": "homes",
        "PrimaryContainer": {"Image": "image", "Environment": {"A": "1", "B": ""}},
        "Tags": [{"Key": "a", "Value": "1"}],
    }
