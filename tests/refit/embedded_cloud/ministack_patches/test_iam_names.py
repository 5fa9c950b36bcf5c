"""IAM rejects names with other characters than it allows, and names that are too long, with AWS's messages."""

from __future__ import annotations

import json
from typing import Any

import pytest

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    }
)


@pytest.mark.parametrize("name", ["a b", "a/b", "ä", "a:b"])
def test_a_name_has_letters_numbers_and_seven_symbols(client: Any, refused: Any, name: str) -> None:
    assert refused(client("iam").create_role, RoleName=name, AssumeRolePolicyDocument=TRUST) == (
        "ValidationError",
        "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the "
        "following: +=,.@_-",
    )


def test_a_name_of_every_allowed_symbol_is_stored(client: Any) -> None:
    client("iam").create_role(RoleName="homes+=,.@_-1", AssumeRolePolicyDocument=TRUST)
    assert client("iam").get_role(RoleName="homes+=,.@_-1")["Role"]["RoleName"] == "homes+=,.@_-1"


@pytest.mark.parametrize(
    ("operation", "request_", "longest"),
    [
        ("create_role", {"RoleName": "r" * 65, "AssumeRolePolicyDocument": TRUST}, 64),
        ("create_policy", {"PolicyName": "p" * 129, "PolicyDocument": "{}"}, 128),
    ],
)
def test_a_name_has_a_maximum_length(
    client: Any, refused: Any, operation: str, request_: dict[str, Any], longest: int
) -> None:
    code, message = refused(getattr(client("iam"), operation), **request_)
    assert code == "ValidationError"
    assert message.endswith(f"failed to satisfy constraint: Member must have length less than or equal to {longest}")
