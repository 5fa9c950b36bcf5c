"""The integration states:startExecution.

Recorded: services/test_sfn_task_service.snapshot.json and error_handling/test_task_service_sfn.snapshot.json of
localstack/localstack.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION
from tests.support.waiting import until

START = "arn:aws:states:::states:startExecution"
RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"


@pytest.fixture(scope="module")
def able(role):
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{RULE}"
    actions = ("PutTargets", "PutRule", "DescribeRule")
    return role("states", ("states:*", "*"), *((f"events:{action}", rule) for action in actions))


def start(resource: str, machine: str, **members: Any) -> dict[str, Any]:
    parameters = {"StateMachineArn": machine, **members}
    return {"Task": {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}}


class TestStarting:
    def test_answers_at_once(self, sfn, machine, outcome, able):
        child = machine({"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}})
        answer = json.loads(outcome(machine(start(START, child, Input={"a": 1}, Name="child"), able))["output"])
        assert list(answer) == ["ExecutionArn", "SdkHttpMetadata", "SdkResponseMetadata", "StartDate"]
        described = sfn.describe_execution(executionArn=answer["ExecutionArn"])
        assert (described["status"], described["input"], described["name"]) == ("RUNNING", '{"a":1}', "child")
        sfn.stop_execution(executionArn=answer["ExecutionArn"])

    def test_of_nothing_fails_by_its_name(self, machine, outcome, able):
        none = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:none"
        described = outcome(machine(start(START, none), able))
        assert described["error"] == "StepFunctions.StateMachineDoesNotExistException"
        words = f"State Machine Does Not Exist: '{none}' (Service: AWSStepFunctions; Status Code: 400; "
        assert described["cause"].startswith(f"{words}Error Code: StateMachineDoesNotExist; Request ID: ")


class TestWaiting:
    @pytest.mark.parametrize(("pattern", "output"), [(".sync", '{"b":2}'), (".sync:2", {"b": 2})])
    def test_answers_with_the_description(self, machine, outcome, able, pattern: str, output: Any):
        child = machine({"Give": {"Type": "Pass", "Result": {"b": 2}, "End": True}})
        answer = json.loads(outcome(machine(start(f"{START}{pattern}", child), able))["output"])
        assert (answer["Status"], answer["Output"]) == ("SUCCEEDED", output)
        assert answer["OutputDetails"] == {"Included": True}
        assert answer["StartDate"] <= answer["StopDate"]

    def test_fails_with_the_execution(self, machine, outcome, able):
        child = machine({"End": {"Type": "Fail", "Error": "X", "Cause": "c"}})
        described = outcome(machine(start(f"{START}.sync", child), able))
        assert described["error"] == "States.TaskFailed"
        cause = json.loads(described["cause"])
        assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "X", "c")

    def test_stops_the_execution_with_the_parent(self, sfn, machine, able):
        child = machine({"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}})
        parent = sfn.start_execution(stateMachineArn=machine(start(f"{START}.sync", child), able))["executionArn"]
        (running,) = until(lambda: sfn.list_executions(stateMachineArn=child)["executions"])
        sfn.stop_execution(executionArn=parent)
        until(lambda: sfn.describe_execution(executionArn=running["executionArn"])["status"] == "ABORTED")

    def test_needs_a_role_that_may_make_the_rule(self, sfn, machine, role, refused):
        child = machine({"End": {"Type": "Succeed"}})
        unable = role("states", ("states:*", "*"))
        definition = json.dumps({"StartAt": "Task", "States": start(f"{START}.sync", child)})
        expected = ("AccessDeniedException", f"'{unable}' is not authorized to create managed-rule.")
        assert refused(sfn.create_state_machine, name="parent", definition=definition, roleArn=unable) == expected
