"""The event of an execution's status, and whether an execution can be redriven.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import time
from typing import Any

import pytest

from refit.embedded_cloud.step_functions import redrive_status, status_events, store
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.store import StateMachine, StoredExecution

ARN = "arn:aws:states:us-west-2:000000000000:stateMachine:homes"


@pytest.fixture
def execution():
    """Makes the stored execution of a state machine that exists; fields replace those of its record."""
    settings: dict[str, Any] = {"logging": {}, "tracing": {}, "encryption": {}}
    machine = StateMachine(
        arn=ARN, name="homes", definition="{}", role_arn="role", created=0.0, updated=0.0, **settings
    )
    store.machines[ARN] = machine

    def make(**fields: Any) -> StoredExecution:
        arn = ARN.replace("stateMachine", "execution") + ":one"
        record = Execution(arn, "one", ARN, "homes", "role", '{"a": 1}', 1.5, **fields)
        return StoredExecution(record=record, machine=machine)

    yield make
    store.clear()


def test_a_success_has_its_output_and_no_error(execution):
    detail = status_events.detail(execution(status="SUCCEEDED", output='"x"', stop_date=2.25))
    assert detail == {
        "executionArn": ARN.replace("stateMachine", "execution") + ":one",
        "stateMachineArn": ARN,
        "name": "one",
        "status": "SUCCEEDED",
        "startDate": 1500,
        "stopDate": 2250,
        "input": '{"a": 1}',
        "output": '"x"',
        "inputDetails": {"included": True},
        "outputDetails": {"included": True},
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        "error": None,
        "cause": None,
    }


def test_an_input_of_more_than_248_kib_is_left_out(execution):
    detail = status_events.detail(execution(output='"' + "x" * 248 * 1024 + '"', status="SUCCEEDED"))
    assert detail["output"] is None
    assert detail["outputDetails"] == {"included": False}
    assert detail["inputDetails"] == {"included": True}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "Execution is RUNNING and cannot be redriven"),
        ({"status": "FAILED", "events": [{}] * 24_999}, "Execution history event limit exceeded"),
        ({"status": "ABORTED", "stop_date": 1.0}, "Execution redrivable period exceeded"),
    ],
    ids=["running", "long", "old"],
)
def test_says_why_an_execution_cannot_be_redriven(execution, fields: dict[str, Any], reason: str):
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html"""
    assert redrive_status.of(execution(**fields)) == ("NOT_REDRIVABLE", reason)


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_one_that_did_not_succeed_can_be_redriven_until_its_machine_is_deleted(execution, status: str):
    ended = execution(status=status, stop_date=time.time())
    assert redrive_status.of(ended) == ("REDRIVABLE", None)
    store.machines[ARN].status = "DELETING"
    assert redrive_status.of(ended) == ("NOT_REDRIVABLE", "State machine is in DELETING status")
