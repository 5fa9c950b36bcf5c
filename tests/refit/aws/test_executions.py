"""Executions of a state machine, on the embedded cloud: started once, followed to the end, described."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.aws import execution_history, executions
from refit.aws.execution_history import Step
from refit.aws.first_firing import first_firing
from refit.aws.session import Aws
from refit.errors import AwsError, NotFound, RunFailed

DOCUMENT = {"outcome": "NewData"}
STATES: dict[str, Any] = {
    "CheckData": {"Type": "Pass", "Output": DOCUMENT, "Next": "Branch"},
    "Branch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.context.Execution.Input.wait = true %}", "Next": "Wait"}],
        "Default": "Deployed",
    },
    "Wait": {"Type": "Wait", "Seconds": 600, "Next": "Deployed"},
    "Deployed": {"Type": "Pass", "Output": {"end": {"reason": "deployed"}}, "Next": "End"},
    "End": {"Type": "Succeed"},
}


def machine(aws: Aws, role: str, name: str, states: dict[str, Any]) -> str:
    definition = {"StartAt": next(iter(states)), "QueryLanguage": "JSONata", "States": states}
    return aws.stepfunctions.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)[
        "stateMachineArn"
    ]


@pytest.fixture(scope="module")
def arn(aws: Aws, states_role: str) -> str:
    return machine(aws, states_role, "refit-prices", STATES)


def followed(aws: Aws, execution: str) -> list[Step]:
    return list(executions.follow(aws, execution, poll_seconds=0.05))


def test_a_run_is_followed_through_every_state(aws: Aws, arn: str) -> None:
    execution = executions.start(aws, arn, "daily-1", {})
    steps = followed(aws, execution)
    assert [(step.state, step.left) for step in steps] == [
        (state, left) for state in ("CheckData", "Branch", "Deployed", "End") for left in (False, True)
    ]
    assert steps[2].document == DOCUMENT
    assert execution_history.steps(aws, execution) == steps
    assert execution_history.latest(aws, execution) == steps[-1]


def test_the_state_of_a_run_that_has_ended(aws: Aws, arn: str) -> None:
    execution = executions.start(aws, arn, "daily-2", {})
    followed(aws, execution)
    state = executions.state(aws, execution)
    assert (state.name, state.status, state.outcome, state.succeeded) == ("daily-2", "SUCCEEDED", "End", True)
    assert state.reason == "deployed"
    assert state.seconds >= 0


def test_a_run_that_waits_is_running_until_it_is_stopped(aws: Aws, arn: str) -> None:
    execution = executions.start(aws, arn, "waits", {"wait": True})
    assert executions.start(aws, arn, "waits", {"wait": True}) == execution
    assert executions.state(aws, execution).outcome == "Running"
    assert [one.name for one in executions.listed(aws, arn, 10, running=True)] == ["waits"]
    aws.stepfunctions.stop_execution(executionArn=execution, error="Stopped", cause="no longer needed")
    followed(aws, execution)
    state = executions.state(aws, execution)
    assert (state.outcome, state.succeeded, state.reason) == ("Aborted", False, "no longer needed")
    assert executions.listed(aws, arn, 10, running=True) == []


def test_the_newest_runs_come_first(aws: Aws, states_role: str) -> None:
    other = machine(aws, states_role, "refit-churn", {"Done": {"Type": "Succeed"}})
    started = [executions.start(aws, other, f"daily-{number}", {}) for number in range(3)]
    for execution in started:
        followed(aws, execution)
    assert executions.recent(aws, other, 2) == [started[2], started[1]]
    assert {one.status for one in executions.listed(aws, other, 10)} == {"SUCCEEDED"}


def test_a_failed_run_has_the_reason_of_its_error(aws: Aws, states_role: str) -> None:
    cause = json.dumps({"errorMessage": "no rows", "errorType": "ValueError"})
    fails = machine(aws, states_role, "refit-fails", {"JobFailed": {"Type": "Fail", "Error": "E", "Cause": cause}})
    execution = executions.start(aws, fails, "daily-1", {})
    followed(aws, execution)
    state = executions.state(aws, execution)
    assert (state.status, state.outcome, state.reason) == ("FAILED", "JobFailed", "no rows")


def test_a_state_is_found_behind_the_events_of_its_retries(aws: Aws, states_role: str) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "BackoffRate": 1, "JitterStrategy": "FULL"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter", "Arguments": {"Name": "/denied"}}
    retried = {**task, "Retry": [{**retry, "MaxAttempts": 7}], "End": True}
    execution = executions.start(aws, machine(aws, states_role, "refit-retries", {"Read": retried}), "daily-1", {})
    steps = followed(aws, execution)
    events = aws.stepfunctions.get_execution_history(executionArn=execution)["events"]
    assert len(events) - steps_at(events) > 20
    assert executions.state(aws, execution).outcome == "Read"
    assert execution_history.latest(aws, execution) == steps[-1]


def steps_at(events: list[Any]) -> int:
    """The ID of the last event that is a step."""
    return max(event["id"] for event in events if "stateEnteredEventDetails" in event)


def test_a_run_is_found_by_its_name_and_by_its_arn(arn: str) -> None:
    execution = executions.arn_of(arn, "daily-1")
    assert execution == arn.replace(":stateMachine:", ":execution:") + ":daily-1"
    assert executions.arn_of(arn, execution) == execution


def test_what_does_not_exist_is_not_found(aws: Aws, arn: str) -> None:
    with pytest.raises(NotFound, match="could not describe the run"):
        executions.state(aws, f"{executions.arn_of(arn, 'never')}")
    with pytest.raises(NotFound, match="could not describe the state machine"):
        executions.definition(aws, f"{arn}-2")


def test_the_definition_is_the_deployed_one(aws: Aws, arn: str) -> None:
    assert json.loads(executions.definition(aws, arn))["States"] == STATES


def test_a_name_is_not_started_twice_with_another_input(aws: Aws, arn: str) -> None:
    followed(aws, executions.start(aws, arn, "once", {}))
    with pytest.raises(AwsError, match="could not start the run once: ExecutionAlreadyExists"):
        executions.start(aws, arn, "once", {"detail": {}})


def test_a_schedule_that_starts_nothing_is_reported(aws: Aws, states_role: str) -> None:
    idle = machine(aws, states_role, "refit-idle", {"Done": {"Type": "Succeed"}})
    with pytest.raises(RunFailed, match="the new schedule did not start a run within 0 s"):
        first_firing(aws, idle, within_seconds=0)
    executions.start(aws, idle, "first", {})
    executions.start(aws, idle, "second", {})
    assert first_firing(aws, idle).name == "first"
