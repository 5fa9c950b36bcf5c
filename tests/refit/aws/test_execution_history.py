"""Runs followed by credentials that may not read the history, which has the task tokens of approvals."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from refit.aws import execution_history, executions
from refit.aws.session import Aws
from refit.embedded_cloud import lifecycle
from refit.errors import AccessDenied
from refit.runs.progress import Progress

END = {"end": {"state": "Deployed", "reason": "30 % better"}}
STATES: dict[str, Any] = {
    "Branch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.context.Execution.Input.wait = true %}", "Next": "AwaitApproval"},
            {"Condition": "{% $states.context.Execution.Input.fail = 'job' %}", "Next": "JobFailed"},
            {"Condition": "{% $states.context.Execution.Input.fail = 'task' %}", "Next": "CheckDataFailed"},
        ],
        "Default": "End",
    },
    "AwaitApproval": {"Type": "Wait", "Seconds": 600, "Next": "Deployed"},
    "JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "out of memory"},
    "CheckDataFailed": {"Type": "Fail", "Error": "NoBucket", "Cause": "the bucket is gone"},
    "End": {"Type": "Pass", "Output": END, "Next": "Deployed"},
    "Deployed": {"Type": "Succeed"},
}
ALLOWED = {"Effect": "Allow", "Action": ["states:DescribeExecution", "states:StartExecution"], "Resource": "*"}


@pytest.fixture(scope="module")
def machine(aws: Aws, states_role: str) -> str:
    definition = {"StartAt": "Branch", "QueryLanguage": "JSONata", "States": STATES}
    created = aws.stepfunctions.create_state_machine(
        name="refit-hidden", definition=json.dumps(definition), roleArn=states_role
    )
    return str(created["stateMachineArn"])


@pytest.fixture(scope="module")
def ci(cloud: lifecycle.Cloud, client: Callable[..., Any]) -> Aws:
    """Clients with the permissions of the deploy role on executions: all but the history."""
    iam = client("iam")
    iam.create_user(UserName="ci")
    policy = json.dumps({"Version": "2012-10-17", "Statement": [ALLOWED]})
    iam.put_user_policy(UserName="ci", PolicyName="ci", PolicyDocument=policy)
    key = iam.create_access_key(UserName="ci")["AccessKey"]
    return Aws(cloud.region, cloud.endpoint_url, (key["AccessKeyId"], key["SecretAccessKey"]))


def run(aws: Aws, machine: str, **detail: Any) -> tuple[list[str], executions.ExecutionState]:
    """Runs the state machine with this input; returns the progress and the end."""
    arn = executions.start(aws, machine, f"daily-{'-'.join(map(str, detail.values()))}", detail)
    lines: list[str] = []
    progress = Progress(lambda line: lines.append(line.partition(" s  ")[2]), "prod/prices")
    for step in executions.follow(aws, arn, poll_seconds=0.05):
        progress.on_step(step)
    return lines, executions.state(aws, arn)


def test_a_run_that_succeeds_has_its_outcome_and_its_document(ci: Aws, machine: str) -> None:
    lines, state = run(ci, machine)
    assert lines[-1] == "Deployed"
    assert (state.outcome, state.succeeded, state.reason) == ("Deployed", True, "30 % better")
    assert state.document == END


@pytest.mark.parametrize(
    ("fail", "outcome", "reason"),
    [("job", "JobFailed", "out of memory"), ("task", "Failed", "the bucket is gone")],
)
def test_a_run_that_fails_has_its_reason(ci: Aws, machine: str, fail: str, outcome: str, reason: str) -> None:
    _, state = run(ci, machine, fail=fail)
    assert (state.status, state.outcome, state.reason) == ("FAILED", outcome, reason)


def test_a_run_that_has_not_ended_is_running_and_the_progress_says_what_is_missing(
    ci: Aws, aws: Aws, machine: str
) -> None:
    arn = executions.start(ci, machine, "waits", {"wait": True})
    followed = executions.follow(ci, arn, poll_seconds=0.05)
    lines: list[str] = []
    progress = Progress(lines.append, "prod/prices")
    progress.on_step(next(followed))
    assert lines == [
        "   0.0 s  Running              its states are not shown: these credentials may not read the run's history"
    ]
    state = executions.state(ci, arn)
    assert (state.outcome, state.awaits_approval_since) == ("Running", None)
    aws.stepfunctions.stop_execution(executionArn=arn, cause="no longer needed")
    assert list(followed) == []
    assert (executions.state(ci, arn).outcome, executions.state(ci, arn).reason) == ("Aborted", "no longer needed")


def test_the_steps_alone_are_denied_with_the_permission_that_is_missing(ci: Aws, machine: str) -> None:
    arn = executions.start(ci, machine, "steps", {})
    for read in (execution_history.steps, execution_history.latest):
        with pytest.raises(AccessDenied, match="could not read the run's history") as denied:
            read(ci, arn)
        assert denied.value.hint == execution_history.HISTORY_HINT
