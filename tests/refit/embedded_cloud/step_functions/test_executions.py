"""Names, time limits, final statuses and retry delays of executions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.waiting import WAIT_SECONDS, until

BUCKET = "late"
# Writes <name>/began, waits until the object <name>/go is there, writes <name>/gone, and fails.
LATE_FAILURE = f"""
import boto3, time

def handler(event, context):
    s3, name = boto3.client("s3"), event["name"]
    s3.put_object(Bucket="{BUCKET}", Key=name + "/began", Body=b"")
    while not s3.list_objects_v2(Bucket="{BUCKET}", Prefix=name + "/go").get("KeyCount"):
        time.sleep(0.05)
    s3.put_object(Bucket="{BUCKET}", Key=name + "/gone", Body=b"")
    raise RuntimeError("late")
"""


@pytest.fixture(scope="module")
def late(client, cloud, function, machine, role):
    """Creates a state machine whose task fails when the test wants; waits for an object of the task; makes it fail."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    bucket = f"arn:aws:s3:::{BUCKET}"
    rights = (("s3:ListBucket", bucket), ("s3:PutObject", f"{bucket}/*"), ("logs:*", "*"))
    task = function(LATE_FAILURE, role("lambda", *rights))
    able = role("states", ("lambda:InvokeFunction", task))

    def make(**fields):
        return machine({"Task": {"Type": "Task", "Resource": task, "End": True}}, able, **fields)

    def reached(key):
        until(lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix=key).get("KeyCount"))

    def fail(name):
        s3.put_object(Bucket=BUCKET, Key=f"{name}/go", Body=b"")
        reached(f"{name}/gone")

    return make, reached, fail


class TestAnExecution:
    def test_is_returned_by_a_second_start_with_the_same_input(self, sfn, machine, refused):
        waiting = machine({"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}})
        first = sfn.start_execution(stateMachineArn=waiting, name="once", input='{"a": 1}')
        second = sfn.start_execution(stateMachineArn=waiting, name="once", input='{"a": 1}')
        assert second["executionArn"] == first["executionArn"]
        assert second["startDate"] == first["startDate"]
        again = {"stateMachineArn": waiting, "name": "once"}
        assert refused(sfn.start_execution, **again, input='{"a": 2}')[0] == "ExecutionAlreadyExists"
        sfn.stop_execution(executionArn=first["executionArn"])
        assert refused(sfn.start_execution, **again, input='{"a": 1}')[0] == "ExecutionAlreadyExists"

    def test_that_outlasts_its_time_limit_is_timed_out_and_stays_so(self, sfn, outcome, late):
        make, _, fail = late
        described = outcome(make(TimeoutSeconds=5), {"name": "limited"})
        # Neither an error nor a cause, as recorded (test_timeouts.snapshot.json::test_global_timeout).
        assert described["status"] == "TIMED_OUT"
        assert not {"error", "cause", "output"} & set(described)
        fail("limited")
        arn = described["executionArn"]
        assert sfn.describe_execution(executionArn=arn)["status"] == "TIMED_OUT"
        assert sfn.get_execution_history(executionArn=arn)["events"][-1]["type"] == "ExecutionTimedOut"

    def test_that_was_stopped_stays_so_when_its_task_fails_later(self, sfn, late):
        make, reached, fail = late
        arn = sfn.start_execution(stateMachineArn=make(), input='{"name": "stopped"}')["executionArn"]
        reached("stopped/began")
        sfn.stop_execution(executionArn=arn, error="Changed", cause="my mind")
        fail("stopped")
        assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"

    def test_retries_no_later_than_max_delay_seconds(self, machine, outcome, handler):
        retry = {
            "ErrorEquals": ["Throttled"],
            "IntervalSeconds": 1,
            "BackoffRate": 3600,
            "MaxDelaySeconds": 2,
            "MaxAttempts": 2,
        }
        states = {"Task": {"Type": "Task", "Resource": handler, "Retry": [retry], "End": True}}
        described = outcome(machine(states), {"do": "raise"})
        assert described["error"] == "Throttled"
        assert described["stopDate"] - described["startDate"] < timedelta(seconds=WAIT_SECONDS)

    def test_knows_itself_and_the_time_in_its_context(self, machine, outcome, handler):
        parameters = {
            "arn.$": "$$.Execution.Id",
            "name.$": "$$.Execution.Name",
            "started_at.$": "$$.Execution.StartTime",
            "now.$": "$$.State.EnteredTime",
            "event.$": "$",
        }
        task = {"Type": "Task", "Resource": handler, "Parameters": parameters, "OutputPath": "$.seen", "End": True}
        began = datetime.now(UTC) - timedelta(seconds=1)
        described = outcome(machine({"Task": task}), {"detail": {"window": None}})
        seen = json.loads(described["output"])
        assert (seen["arn"], seen["name"]) == (described["executionArn"], described["name"])
        assert seen["event"] == {"detail": {"window": None}}
        for moment in (seen["started_at"], seen["now"]):
            assert began < datetime.fromisoformat(moment) < datetime.now(UTC)
