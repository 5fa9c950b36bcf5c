"""Starting, stopping, describing, listing and redriving executions.

The words are recorded on AWS: test_sfn_api.snapshot.json of localstack/localstack.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION
from tests.support.waiting import until

NONE = f"arn:aws:states:{REGION}:{ACCOUNT}:execution:none:none"
WAIT = {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}
PASS = {"Give": {"Type": "Pass", "Result": {"a": 1}, "End": True}}


@pytest.fixture(scope="module")
def waiting(machine):
    return machine(WAIT)


class TestStarting:
    @pytest.mark.parametrize(
        ("members", "code", "words"),
        [
            ({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
            ({"name": "a:b"}, "InvalidName", "Invalid Name: 'a:b'"),
            ({"name": "x" * 81}, "ValidationException", "Member must have length less than or equal to 80"),
            (
                {"input": "not json"},
                "InvalidExecutionInput",
                "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String,",
            ),
            (
                {"input": ""},
                "InvalidExecutionInput",
                "Invalid State Machine Execution Input: 'Invalid execution input.'",
            ),
            ({"input": f'"{"x" * 262_143}"'}, "ValidationException", "have length less than or equal to 262144"),
            ({"input": f'"{"é" * 131_072}"'}, "ValidationException", "have length less than or equal to 262144"),
        ],
        ids=["space", "colon", "long name", "text", "empty", "characters", "bytes"],
    )
    def test_is_refused_in_the_words_of_aws(
        self, sfn, waiting, refused, members: dict[str, Any], code: str, words: str
    ):
        found = refused(sfn.start_execution, stateMachineArn=waiting, **members)
        assert found[0] == code
        assert words in found[1]

    def test_a_name_that_another_execution_had_is_refused(self, sfn, machine, ended, refused):
        arn = machine(PASS)
        first = sfn.start_execution(stateMachineArn=arn, name="once")["executionArn"]
        ended(first)
        expected = ("ExecutionAlreadyExists", f"Execution Already Exists: '{first}'")
        assert refused(sfn.start_execution, stateMachineArn=arn, name="once") == expected

    @pytest.mark.parametrize("given", ["2", '"text"', "null", '{"a": [1.50, 1E2]}'])
    def test_any_json_is_an_input_and_stays_as_it_was_written(self, sfn, machine, ended, given: str):
        arn = sfn.start_execution(stateMachineArn=machine(PASS), input=given)["executionArn"]
        assert ended(arn)["input"] == given

    def test_synchronously_is_for_express_machines(self, sfn, waiting, refused):
        sfn.meta.events.register("before-call.sfn.StartSyncExecution", _at_the_same_host)
        expected = ("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
        assert refused(sfn.start_sync_execution, stateMachineArn=waiting) == expected


def _at_the_same_host(params: dict[str, Any], **_: Any) -> None:
    """On AWS, StartSyncExecution has a host of its own, sync-states."""
    params["url"] = params["url"].replace("//sync-", "//")


class TestDescribing:
    def test_gives_every_member_of_a_success(self, sfn, machine, outcome):
        """Recorded: test_describe_execution."""
        described = outcome(machine(PASS), {})
        arn, machine_arn = described["executionArn"], described["stateMachineArn"]
        assert isinstance(described.pop("startDate"), datetime)
        assert isinstance(described.pop("stopDate"), datetime)
        del described["ResponseMetadata"]
        assert described == {
            "executionArn": arn,
            "stateMachineArn": machine_arn,
            "name": arn.rpartition(":")[2],
            "status": "SUCCEEDED",
            "input": "{}",
            "inputDetails": {"included": True},
            "output": '{"a":1}',
            "outputDetails": {"included": True},
            "redriveCount": 0,
            "redriveStatus": "NOT_REDRIVABLE",
            "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
        }

    def test_gives_no_output_of_a_failure(self, machine, outcome):
        """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html"""
        described = outcome(machine({"End": {"Type": "Fail", "Error": "X", "Cause": "c"}}))
        assert (described["status"], described["error"], described["cause"]) == ("FAILED", "X", "c")
        assert described["redriveStatus"] == "REDRIVABLE"
        assert not {"output", "outputDetails", "redriveStatusReason"} & set(described)

    def test_gives_no_error_of_a_fail_state_without_one(self, machine, outcome):
        """Recorded: test_base.snapshot.json::test_state_fail_empty."""
        assert not {"error", "cause"} & set(outcome(machine({"End": {"Type": "Fail"}})))

    def test_one_that_does_not_exist_is_refused(self, sfn, refused):
        expected = ("ExecutionDoesNotExist", f"Execution Does Not Exist: '{NONE}'")
        for operation in (sfn.describe_execution, sfn.get_execution_history, sfn.stop_execution, sfn.redrive_execution):
            assert refused(operation, executionArn=NONE) == expected
        expected = ("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: invalid'")
        assert refused(sfn.describe_execution, executionArn="invalid") == expected


class TestStopping:
    def test_aborts_it_with_error_and_cause(self, sfn, waiting):
        arn = sfn.start_execution(stateMachineArn=waiting)["executionArn"]
        stopped = sfn.stop_execution(executionArn=arn, error="Changed", cause="my mind")["stopDate"]
        described = sfn.describe_execution(executionArn=arn)
        assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Changed", "my mind")
        assert described["stopDate"] == stopped
        assert sfn.get_execution_history(executionArn=arn, reverseOrder=True)["events"][0]["type"] == "ExecutionAborted"

    def test_an_ended_one_changes_nothing(self, sfn, machine, outcome):
        described = outcome(machine(PASS))
        arn = described["executionArn"]
        assert sfn.stop_execution(executionArn=arn, cause="late")["stopDate"] == described["stopDate"]
        assert sfn.describe_execution(executionArn=arn)["status"] == "SUCCEEDED"


class TestListing:
    def test_has_the_newest_first_and_pages(self, sfn, machine):
        arn = machine(WAIT)
        started = [
            sfn.start_execution(stateMachineArn=arn, name=f"run-{number}")["executionArn"] for number in range(3)
        ]
        paginator = sfn.get_paginator("list_executions")
        pages = list(paginator.paginate(stateMachineArn=arn, PaginationConfig={"PageSize": 2}))
        assert [len(page["executions"]) for page in pages] == [2, 1]
        assert [each["executionArn"] for page in pages for each in page["executions"]] == started[::-1]
        first = pages[0]["executions"][0]
        assert (first["status"], first["redriveCount"], first["name"]) == ("RUNNING", 0, "run-2")
        assert "stopDate" not in first
        sfn.stop_execution(executionArn=started[0])
        aborted = sfn.list_executions(stateMachineArn=arn, statusFilter="ABORTED")["executions"]
        assert [each["executionArn"] for each in aborted] == started[:1]

    @pytest.mark.parametrize(
        ("members", "code", "words"),
        [
            ({"statusFilter": "succeeded"}, "ValidationException", "Value 'succeeded' at 'statusFilter' failed"),
            ({"maxResults": 1001}, "ValidationException", "Value '1001' at 'maxResults' failed to satisfy"),
            ({"nextToken": "made-up"}, "InvalidToken", "Invalid Token: 'Invalid token'"),
            (
                {"stateMachineArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"},
                "StateMachineDoesNotExist",
                "State Machine Does Not Exist: 'arn:aws:states:",
            ),
        ],
        ids=["status", "results", "token", "machine"],
    )
    def test_is_refused_in_the_words_of_aws(
        self, sfn, waiting, refused, members: dict[str, Any], code: str, words: str
    ):
        found = refused(sfn.list_executions, **{"stateMachineArn": waiting, **members})
        assert found[0] == code
        assert words in found[1]


class TestRedriving:
    """https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html"""

    def test_continues_at_the_state_that_failed(self, client, sfn, machine, ended, role):
        ssm = client("ssm")
        look = {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
            "Parameters": {"Name": "/later"},
            "ResultSelector": {"value.$": "$.Parameter.Value"},
            "End": True,
        }
        states = {"Give": {"Type": "Pass", "Result": {"a": 1}, "Next": "Look"}, "Look": look}
        arn = sfn.start_execution(stateMachineArn=machine(states, role("states", ("ssm:*", "*"))))["executionArn"]
        assert ended(arn)["error"] == "Ssm.ParameterNotFoundException"
        ssm.put_parameter(Name="/later", Value="there", Type="String")
        sfn.redrive_execution(executionArn=arn)
        described = until(lambda: sfn.describe_execution(executionArn=arn), lambda each: each["status"] == "SUCCEEDED")
        assert json.loads(described["output"]) == {"value": "there"}
        assert described["redriveCount"] == 1
        assert isinstance(described["redriveDate"], datetime)
        assert not {"error", "cause"} & set(described)
        events = sfn.get_execution_history(executionArn=arn)["events"]
        kinds = [event["type"] for event in events]
        assert "ExecutionRedriven" in kinds
        assert kinds.count("PassStateEntered") == 1
        redriven = sfn.list_executions(stateMachineArn=described["stateMachineArn"], redriveFilter="REDRIVEN")
        assert [each["executionArn"] for each in redriven["executions"]] == [arn]

    def test_a_success_is_refused(self, sfn, machine, outcome, refused):
        arn = outcome(machine(PASS))["executionArn"]
        code, message = refused(sfn.redrive_execution, executionArn=arn)
        assert code == "ExecutionNotRedrivable"
        assert "Execution is SUCCEEDED and cannot be redriven" in message
