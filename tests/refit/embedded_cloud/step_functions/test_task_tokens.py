"""Tasks that wait for a callback: success, failure, timeouts, invalid tokens and permissions.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
"""

from __future__ import annotations

import json

import pytest

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, BUCKET, REGION, fill, task
from tests.support.waiting import until

PUT = "arn:aws:states:::aws-sdk:s3:putObject.waitForTaskToken"
ARGUMENTS = {"Bucket": BUCKET, "Body": {"token": "{% $states.context.Task.Token %}"}}


@pytest.fixture(scope="module")
def s3(client):
    fill(client("s3"))
    return client("s3")


@pytest.fixture(scope="module")
def token_machine(machine, role, s3):
    """Creates a state machine that writes its token to an object, and waits."""
    able = role("states", ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*"))
    return lambda key, **fields: machine(task(PUT, {**ARGUMENTS, "Key": key}, **fields), able)


@pytest.fixture(scope="module")
def started(sfn, s3):
    """Starts a machine, and returns the execution's ARN and the token that it wrote to `key`."""

    def start(arn, key, unlike=None):
        execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
        return execution, token(s3, key, unlike)

    return start


def token(s3, key, unlike=None):
    """The token in the object `key`, once it exists and differs from `unlike`."""

    def read():
        if not s3.list_objects_v2(Bucket=BUCKET, Prefix=key).get("KeyCount"):
            return unlike
        return json.loads(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())["token"]

    return until(read, lambda found: found != unlike)


class TestATaskThatWaitsForItsToken:
    def test_goes_on_with_the_answer(self, sfn, token_machine, started, ended):
        execution, task_token = started(token_machine("success"), "success")
        sfn.send_task_success(taskToken=task_token, output='{"approved": true}')
        assert json.loads(ended(execution)["output"]) == {"approved": True}

    def test_fails_with_the_error_that_is_sent(self, sfn, token_machine, started, ended):
        execution, task_token = started(token_machine("failure"), "failure")
        sfn.send_task_failure(taskToken=task_token, error="Rejected", cause="too bad")
        described = ended(execution)
        assert (described["error"], described["cause"]) == ("Rejected", "too bad")

    def test_times_out(self, sfn, token_machine, started, ended, refused):
        execution, task_token = started(token_machine("late", TimeoutSeconds=1), "late")
        assert ended(execution)["error"] == "States.Timeout"
        assert refused(sfn.send_task_success, taskToken=task_token, output="{}")[0] == "TaskTimedOut"

    def test_fails_without_a_heartbeat_and_lives_with_them(self, sfn, token_machine, started, ended, refused):
        """https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-hearbeat"""
        silent, lost = started(token_machine("silent", HeartbeatSeconds=2), "silent")
        beating, task_token = started(token_machine("beating", HeartbeatSeconds=30), "beating")
        sfn.send_task_heartbeat(taskToken=task_token)
        assert ended(silent)["error"] == "States.Timeout"
        assert refused(sfn.send_task_heartbeat, taskToken=lost)[0] == "TaskTimedOut"
        assert sfn.describe_execution(executionArn=beating)["status"] == "RUNNING"
        sfn.send_task_success(taskToken=task_token, output="1")
        assert ended(beating)["output"] == "1"

    def test_has_another_token_at_the_next_attempt(self, sfn, s3, token_machine, started, ended, refused):
        retry = [{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}]
        execution, first = started(token_machine("again", Retry=retry), "again")
        sfn.send_task_failure(taskToken=first, error="Again", cause="")
        second = token(s3, "again", unlike=first)
        assert refused(sfn.send_task_success, taskToken=first, output="{}")[0] == "TaskTimedOut"
        sfn.send_task_success(taskToken=second, output="{}")
        assert ended(execution)["status"] == "SUCCEEDED"

    def test_is_abandoned_when_the_execution_is_stopped(self, sfn, token_machine, started, refused):
        retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1}]
        execution, task_token = started(token_machine("stopped", Retry=retry), "stopped")
        sfn.stop_execution(executionArn=execution)
        assert refused(sfn.send_task_success, taskToken=task_token, output="{}") == (
            "TaskTimedOut",
            "Task Timed Out: 'Provided task does not exist anymore'",
        )
        assert sfn.describe_execution(executionArn=execution)["status"] == "ABORTED"

    def test_does_not_wait_when_the_call_fails(self, machine, role, outcome, s3):
        described = outcome(machine(task(PUT, {**ARGUMENTS, "Key": "denied"}), role("states")))
        assert described["error"] == "S3.AccessDeniedException"
        assert "not authorized to perform: s3:PutObject" in described["cause"]

    def test_has_its_token_in_jsonpath_too(self, sfn, s3, machine, role, ended):
        able = role("states", ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*"))
        parameters = {"Bucket": BUCKET, "Key": "path", "Body": {"token.$": "$$.Task.Token"}}
        states = {"Task": {"Type": "Task", "Resource": PUT, "Parameters": parameters, "End": True}}
        execution = sfn.start_execution(stateMachineArn=machine(states, able))["executionArn"]
        sfn.send_task_success(taskToken=token(s3, "path"), output='"yes"')
        assert json.loads(ended(execution)["output"]) == "yes"


class TestAToken:
    def test_of_no_task_is_invalid(self, sfn, refused):
        assert refused(sfn.send_task_success, taskToken="made-up", output="{}")[0] == "InvalidToken"
        assert refused(sfn.send_task_failure, taskToken="made-up")[0] == "InvalidToken"

    def test_is_rejected_with_an_output_that_is_not_json(self, sfn, token_machine, started, ended, refused):
        execution, task_token = started(token_machine("text"), "text")
        assert refused(sfn.send_task_success, taskToken=task_token, output="yes")[0] == "InvalidOutput"
        sfn.send_task_success(taskToken=task_token, output="{}")
        assert ended(execution)["status"] == "SUCCEEDED"

    def test_is_accepted_with_the_right_for_its_state_machine(self, token_machine, started, ended, user, refused):
        """https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_stepfunctions.StateMachine.html"""
        arn = token_machine("right")
        execution, task_token = started(arn, "right")
        right = {"Effect": "Allow", "Action": "states:SendTaskSuccess"}
        other = user({**right, "Resource": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:other"})("stepfunctions")
        assert refused(other.send_task_success, taskToken=task_token, output="{}")[0] == "AccessDeniedException"
        user({**right, "Resource": arn})("stepfunctions").send_task_success(taskToken=task_token, output="{}")
        assert ended(execution)["status"] == "SUCCEEDED"
