"""Functions as tasks: their results and errors.

Recorded: services/test_lambda_task_service.snapshot.json and error_handling/test_task_service_lambda.snapshot.json of
localstack/localstack.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.embedded_cloud.state_machine_rights import ACCOUNT, REGION

INVOKE = "arn:aws:states:::lambda:invoke"


def invoke(name: str, payload: Any = None, **fields: Any) -> dict[str, Any]:
    parameters = {"FunctionName": name, **({} if payload is None else {"Payload": payload})}
    return {"Task": {"Type": "Task", "Resource": INVOKE, "Parameters": parameters, "End": True, **fields}}


@pytest.fixture(scope="module")
def able(role):
    return role("states", ("lambda:InvokeFunction", "*"))


class TestInvoking:
    def test_answers_with_the_payload_and_the_metadata_of_the_sdk(self, machine, outcome, handler, able):
        described = outcome(machine(invoke(handler, {"a": 1}), able))
        answer = json.loads(described["output"])
        assert list(answer) == ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"]
        assert (answer["ExecutedVersion"], answer["StatusCode"]) == ("$LATEST", 200)
        assert answer["Payload"] == {"seen": {"a": 1}}
        headers = answer["SdkHttpMetadata"]["HttpHeaders"]
        assert headers["X-Amz-Executed-Version"] == "$LATEST"
        assert answer["SdkHttpMetadata"]["AllHttpHeaders"]["Content-Type"] == [headers["Content-Type"]]
        assert answer["SdkResponseMetadata"]["RequestId"] == headers["x-amzn-RequestId"]

    def test_by_name_and_without_a_payload_sends_an_empty_object(self, machine, outcome, handler, able):
        described = outcome(machine(invoke(handler.rpartition(":")[2]), able))
        assert json.loads(described["output"])["Payload"] == {"seen": {}}

    def test_of_nothing_fails_in_the_words_of_lambda(self, machine, outcome, able):
        described = outcome(machine(invoke("no-such"), able))
        assert described["error"] == "Lambda.ResourceNotFoundException"
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:no-such"
        details = "(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: "
        assert described["cause"].startswith(f"Function not found: {arn} {details}")
        assert described["cause"].endswith("; Proxy: null)")

    def test_an_error_has_the_name_of_the_exception_and_the_payload_as_its_cause(self, machine, outcome, handler, able):
        described = outcome(machine(invoke(handler, {"do": "raise"}), able))
        assert described["error"] == "Throttled"
        payload = json.loads(described["cause"])
        assert (payload["errorType"], payload["errorMessage"]) == ("Throttled", "too much")
        assert described["cause"] == json.dumps(payload, separators=(",", ":"))

    def test_needs_the_right_for_the_function(self, machine, outcome, handler, role):
        described = outcome(machine(invoke(handler), role("states")))
        assert described["error"] == "Lambda.AWSLambdaException"
        assert f"not authorized to perform: lambda:InvokeFunction on resource: {handler}" in described["cause"]


class TestAFunctionAsResource:
    def test_answers_with_its_result_alone(self, machine, outcome, handler):
        described = outcome(machine({"Task": {"Type": "Task", "Resource": handler, "End": True}}), {"a": None})
        assert json.loads(described["output"]) == {"seen": {"a": None}}

    def test_that_there_is_not_fails(self, machine, outcome, able):
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:no-such"
        described = outcome(machine({"Task": {"Type": "Task", "Resource": arn, "End": True}}, able))
        assert described["error"] == "Lambda.ResourceNotFoundException"

    def test_that_dies_is_an_exit_error(self, machine, outcome, handler):
        """https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"""
        states = {"Task": {"Type": "Task", "Resource": handler, "End": True}}
        assert outcome(machine(states), {"do": "exit"})["error"] == "Runtime.ExitError"

    def test_waits_for_its_token(self, client, sfn, machine, ended, role, function):
        tell = "\n".join(
            (
                "import boto3",
                "def handler(event, context):",
                "    boto3.client('stepfunctions').send_task_success(taskToken=event['token'], output='{\"b\": 2}')",
            )
        )
        teller = function(tell, role("lambda", ("states:SendTaskSuccess", "*"), ("logs:*", "*")))
        able = role("states", ("lambda:InvokeFunction", teller))
        states = invoke(teller, {"token.$": "$$.Task.Token"})
        states["Task"]["Resource"] = f"{INVOKE}.waitForTaskToken"
        described = ended(sfn.start_execution(stateMachineArn=machine(states, able))["executionArn"])
        assert json.loads(described["output"]) == {"b": 2}
