"""The state machine of a test."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.support.embedded_cloud.succeeding import definition


@pytest.fixture(scope="module")
def able(role):
    return role("states", ("logs:*", "*"))


@pytest.fixture
def name() -> str:
    return f"machine-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def create(sfn, able, name):
    """Creates the state machine of the test; keywords replace members of the request."""

    def make(**members: Any) -> str:
        request = {"name": name, "definition": definition(), "roleArn": able, **members}
        return str(sfn.create_state_machine(**request)["stateMachineArn"])

    return make
