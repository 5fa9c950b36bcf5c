"""Names, time limits and delays of executions."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta


class TestAnExecution:
    def test_is_returned_to_who_starts_it_again_with_the_same_input(self, sfn, machine, ended, refused):
        waiting = machine({"Wait": {"Type": "Wait", "Seconds": 1, "End": True}})
        first = sfn.start_execution(stateMachineArn=waiting, name="once", input='{"a": 1}')
        second = sfn.start_execution(stateMachineArn=waiting, name="once", input='{"a": 1}')
        assert second["executionArn"] == first["executionArn"]
        assert second["startDate"] == first["startDate"]
        again = {"stateMachineArn": waiting, "name": "once"}
        assert refused(sfn.start_execution, **again, input='{"a": 2}')[0] == "ExecutionAlreadyExists"
        ended(first["executionArn"])
        assert refused(sfn.start_execution, **again, input='{"a": 1}')[0] == "ExecutionAlreadyExists"

    def test_that_outlasts_its_time_limit_is_timed_out_and_stays_so(self, sfn, machine, outcome):
        states = {"Wait": {"Type": "Wait", "Seconds": 2, "Next": "Fail"}, "Fail": {"Type": "Fail", "Error": "Late"}}
        described = outcome(machine(states, TimeoutSeconds=1))
        assert (described["status"], described["error"]) == ("TIMED_OUT", "States.Timeout")
        time.sleep(1.3)
        arn = described["executionArn"]
        assert sfn.describe_execution(executionArn=arn)["status"] == "TIMED_OUT"
        assert sfn.get_execution_history(executionArn=arn)["events"][-1]["type"] == "ExecutionTimedOut"

    def test_that_was_stopped_stays_so_when_its_task_fails_later(self, sfn, machine):
        states = {"Wait": {"Type": "Wait", "Seconds": 1, "Next": "Fail"}, "Fail": {"Type": "Fail", "Error": "Late"}}
        arn = sfn.start_execution(stateMachineArn=machine(states))["executionArn"]
        sfn.stop_execution(executionArn=arn, error="Changed", cause="my mind")
        time.sleep(1.3)
        assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"

    def test_retries_no_later_than_max_delay_seconds(self, machine, outcome, handler):
        retry = {"ErrorEquals": ["Throttled"], "IntervalSeconds": 30, "MaxDelaySeconds": 1, "MaxAttempts": 1}
        states = {"Task": {"Type": "Task", "Resource": handler, "Retry": [retry], "End": True}}
        described = outcome(machine(states), {"do": "raise"})
        assert described["error"] == "Throttled"
        assert described["stopDate"] - described["startDate"] < timedelta(seconds=5)

    def test_knows_itself_and_the_time_in_its_context(self, machine, outcome, handler):
        parameters = {
            "arn.$": "$$.Execution.Id",
            "name.$": "$$.Execution.Name",
            "started_at.$": "$$.Execution.StartTime",
            "now.$": "$$.State.EnteredTime",
            "event.$": "$",
        }
        task = {"Type": "Task", "Resource": handler, "Parameters": parameters, "OutputPath": "$.seen", "End": True}
        described = outcome(machine({"Task": task}), {"detail": {"window": None}})
        seen = json.loads(described["output"])
        assert (seen["arn"], seen["name"]) == (described["executionArn"], described["name"])
        assert seen["event"] == {"detail": {"window": None}}
        for moment in (seen["started_at"], seen["now"]):
            assert abs(datetime.fromisoformat(moment) - datetime.now(UTC)) < timedelta(seconds=10)
