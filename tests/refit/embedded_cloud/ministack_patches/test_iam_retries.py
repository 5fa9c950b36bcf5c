"""A request to IAM that is sent again, because its response was lost, is run once."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.support.small_stack import STATES

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [STATES]})


@pytest.fixture
def create(client: Any) -> Any:
    """Sends CreateRole with this invocation ID; returns the role's ARN."""
    iam = client("iam")
    invocation = ""

    def set_invocation(request: Any, **_: Any) -> None:
        request.headers["amz-sdk-invocation-id"] = invocation

    iam.meta.events.register("before-send.iam.CreateRole", set_invocation)

    def send(name: str, invocation_id: str) -> str:
        nonlocal invocation
        invocation = invocation_id
        return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"])

    send.iam = iam  # type: ignore[attr-defined]
    return send


def test_attempts_of_one_call_create_one_role(create: Any) -> None:
    name = f"role-{uuid.uuid4().hex[:8]}"
    first = create(name, "one")
    assert create(name, "one") == first
    with pytest.raises(create.iam.exceptions.EntityAlreadyExistsException):
        create(name, "another")


def test_an_error_is_not_repeated(create: Any) -> None:
    name = f"role-{uuid.uuid4().hex[:8]}"
    create(name, "made")
    with pytest.raises(create.iam.exceptions.EntityAlreadyExistsException):
        create(name, "refused")
    create.iam.delete_role(RoleName=name)
    assert create(name, "refused").endswith(f":role/{name}")
