"""State machines instead of the stacks of a checkout, for the tests of what starts runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.aws.session import Aws
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
