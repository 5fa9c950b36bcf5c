"""State machines instead of the stacks of a checkout, for the tests of what starts runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.embedded_cloud.strict.settings import STRICT
from tests.support.checkout import Checkout
from tests.support.embedded_cloud.customer import Customer
from tests.support.small_stack import STATES
from tests.support.triggers import Stacks


@pytest.fixture
def stacks(tmp_path: Path, aws: Aws, customer: Customer, exported: None) -> Iterator[Stacks]:
    """A checkout without pipelines on the embedded cloud; its state machines are deleted at the end."""
    role = customer.new_role([{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}], STATES)
    made = Stacks(Checkout(tmp_path), aws, role)
    yield made
    for machine in made.machines.values():
        aws.stepfunctions.delete_state_machine(stateMachineArn=machine)


@pytest.fixture(scope="module", autouse=True)
def convenient() -> Iterator[None]:
    """Clouds that these tests start are not in strict mode, which tests/refit/embedded_cloud/strict tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STRICT, "0")
        yield
