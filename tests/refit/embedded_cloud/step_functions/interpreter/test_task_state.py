from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.executions import (
    EXECUTION_ARN,
    INVOKE,
    MACHINE_ARN,
    ROLE_ARN,
    ScriptedTasks,
    chain,
    details_of,
    execute,
    history,
    machine_of,
    output_of,
    run_of,
    types,
)

FUNCTION = "arn:aws:lambda:us-west-2:000000000000:function:f"
TRAIN = "arn:aws:states:::sagemaker:createTrainingJob.sync"
SEND = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
READ = "arn:aws:states:::aws-sdk:s3:getObject"
WHOLE = {"truncated": False}
BROKEN = StatesError("Broken", "it broke")


def task(resource: str = INVOKE, **members: Any) -> dict[str, Any]:
    return machine_of({"Work": {"Type": "Task", "Resource": resource, **members, "End": True}})


def test_the_events_of_a_service_integration_are_those_of_aws() -> None:
    ran = execute(task(Parameters={"FunctionName": "f", "Payload.$": "$"}), {"a": 1}, {"Work": {"StatusCode": 200}})
    about = {"resourceType": "lambda", "resource": "invoke"}
    arguments = '{"FunctionName":"f","Payload":{"a":1}}'
    assert history(ran)[1:] == [
        (2, 0, "TaskStateEntered", {"name": "Work", "input": '{"a": 1}', "inputDetails": WHOLE}),
        (3, 2, "TaskScheduled", {**about, "region": "us-west-2", "parameters": arguments}),
        (4, 3, "TaskStarted", about),
        (5, 4, "TaskSucceeded", {**about, "output": '{"StatusCode":200}', "outputDetails": WHOLE}),
        (6, 5, "TaskStateExited", {"name": "Work", "output": '{"StatusCode":200}', "outputDetails": WHOLE}),
        (7, 6, "ExecutionSucceeded", {"output": '{"StatusCode":200}', "outputDetails": WHOLE}),
    ]


def test_the_events_of_a_function_are_those_of_aws() -> None:
    ran = execute(task(FUNCTION, TimeoutSeconds=5), {"a": 1}, {"Work": "answer"})
    scheduled = {"resource": FUNCTION, "input": '{"a":1}', "inputDetails": WHOLE, "timeoutInSeconds": 5}
    assert history(ran)[2:5] == [
        (3, 2, "LambdaFunctionScheduled", scheduled),
        (4, 3, "LambdaFunctionStarted", {}),
        (5, 4, "LambdaFunctionSucceeded", {"output": '"answer"', "outputDetails": WHOLE}),
    ]


def test_an_sdk_integration_names_its_service() -> None:
    scheduled = details_of(execute(task(READ), {"Bucket": "b"}, {"Work": {}}), "TaskScheduled")[0]
    assert (scheduled["resourceType"], scheduled["resource"]) == ("aws-sdk:s3", "getObject")


def test_a_task_is_asked_with_all_that_it_needs() -> None:
    machine = task(Parameters={"a": 1}, TimeoutSeconds=60, HeartbeatSeconds=30)
    tasks = ScriptedTasks()
    run_of(machine, tasks=tasks).execute()
    (asked,) = tasks.asked
    assert (asked.resource, asked.arguments, asked.state, asked.token) == (INVOKE, {"a": 1}, "Work", None)
    assert (asked.timeout_seconds, asked.heartbeat_seconds) == (60, 30)
    assert (asked.execution_arn, asked.state_machine_arn, asked.role_arn) == (EXECUTION_ARN, MACHINE_ARN, ROLE_ARN)


@pytest.mark.parametrize(("resource", "kind"), [(INVOKE, "TaskFailed"), (FUNCTION, "LambdaFunctionFailed")])
def test_a_task_that_fails_fails_the_execution(resource: str, kind: str) -> None:
    ran = execute(task(resource), answers={"Work": BROKEN})
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "Broken", "it broke")
    about = {} if resource == FUNCTION else {"resourceType": "lambda", "resource": "invoke"}
    assert history(ran)[4:] == [
        (5, 4, kind, {**about, "error": "Broken", "cause": "it broke"}),
        (6, 5, "ExecutionFailed", {"error": "Broken", "cause": "it broke"}),
    ]


def test_each_attempt_has_its_own_token_which_names_the_state_machine() -> None:
    tokens: list[str] = []

    def fail(asked: Task) -> None:
        assert asked.token == asked.arguments["token"]
        tokens.append(asked.arguments["token"])
        raise BROKEN

    retry = [{"ErrorEquals": ["Broken"], "MaxAttempts": 1}]
    ran = execute(task(SEND, Parameters={"token.$": "$$.Task.Token"}, Retry=retry), answers={"Work": fail})
    assert len(set(tokens)) == 2
    assert json.loads(base64.urlsafe_b64decode(tokens[0]))["machine"] == MACHINE_ARN
    assert [json.loads(each["parameters"]) for each in details_of(ran, "TaskScheduled")] == [
        {"token": token} for token in tokens
    ]


def test_a_task_that_waits_is_submitted() -> None:
    def work(asked: Task) -> str:
        asked.submitted({"TrainingJobArn": "arn"})
        return "trained"

    ran = execute(task(TRAIN), answers={"Work": work})
    about = {"resourceType": "sagemaker", "resource": "createTrainingJob.sync"}
    assert history(ran)[4:6] == [
        (5, 4, "TaskSubmitted", {**about, "output": '{"TrainingJobArn":"arn"}', "outputDetails": WHOLE}),
        (6, 5, "TaskSucceeded", {**about, "output": '"trained"', "outputDetails": WHOLE}),
    ]


def test_a_task_that_is_submitted_when_the_execution_was_stopped_can_still_stop_its_job() -> None:
    stopped: list[str] = []

    def work(asked: Task) -> None:
        run.stop()
        asked.submitted({"TrainingJobArn": "arn"})
        if asked.abandoned.is_set():
            stopped.append("the job")

    run = run_of(task(TRAIN), answers={"Work": work})
    run.execute()
    assert stopped == ["the job"]
    assert types(run.execution)[-2:] == ["TaskStarted", "ExecutionAborted"]


def test_a_request_that_the_service_refuses_is_a_failed_submission_with_sync() -> None:
    def submit(asked: Task) -> None:
        asked.submitted({})
        raise BROKEN

    assert types(execute(task(TRAIN), answers={"Work": BROKEN}))[-2:] == ["TaskSubmitFailed", "ExecutionFailed"]
    assert types(execute(task(TRAIN), answers={"Work": submit}))[-2:] == ["TaskFailed", "ExecutionFailed"]
    assert types(execute(task(SEND), answers={"Work": BROKEN}))[-2:] == ["TaskFailed", "ExecutionFailed"]


@pytest.mark.parametrize(
    ("resource", "owner", "kind"), [(INVOKE, "lambda", "TaskFailed"), (FUNCTION, FUNCTION, "LambdaFunctionFailed")]
)
def test_a_result_of_more_than_256_kib_fails_the_task(resource: str, owner: str, kind: str) -> None:
    ran = execute(task(resource), answers={"Work": "é" * 131_072})
    cause = (
        f"The state/task '{owner}' returned a result with a size exceeding the maximum number of bytes service limit."
    )
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "States.DataLimitExceeded", cause)
    assert details_of(ran, kind)[0]["cause"] == cause
    assert execute(task(resource), answers={"Work": "é" * 131_071}).status == "SUCCEEDED"


def test_an_output_of_more_than_256_kib_fails_the_state() -> None:
    machine = machine_of(
        {"Twice": {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}, "End": True}},
    )
    ran = execute(machine, "x" * 140_000)
    assert (ran.status, ran.error) == ("FAILED", "States.DataLimitExceeded")
    assert ran.cause is not None
    assert ran.cause.startswith("The state/task 'Twice' returned a result with a size exceeding")


def test_arguments_that_cannot_be_evaluated_fail_before_the_task_is_scheduled() -> None:
    ran = execute(
        task(Parameters={"v.$": "$.nothing"}, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Work"}]), {"a": 1}
    )
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert ran.cause == (
        "An error occurred while executing the state 'Work' (entered at the event id #2). The JSONPath '$.nothing'"
        " specified for the field 'v.$' could not be found in the input '{\"a\":1}'"
    )
    assert chain(ran)[1:] == [(2, 0, "TaskStateEntered"), (3, 2, "ExecutionFailed")]


def test_an_expression_that_yields_nothing_is_an_event_and_can_be_caught() -> None:
    machine = machine_of(
        {
            "Work": {
                "Type": "Task",
                "Resource": INVOKE,
                "Arguments": {"FunctionName": "{% $doesNotExist %}"},
                "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "Caught"}],
                "End": True,
            },
            "Caught": {"Type": "Succeed"},
        },
        QueryLanguage="JSONata",
    )
    ran = execute(machine)
    cause = (
        "An error occurred while executing the state 'Work' (entered at the event id #2). The JSONata expression"
        " '$doesNotExist' specified for the field 'Arguments/FunctionName' returned nothing (undefined)."
    )
    assert output_of(ran) == {"Error": "States.QueryEvaluationError", "Cause": cause}
    assert history(ran)[2] == (
        3,
        0,
        "EvaluationFailed",
        {
            "error": "States.QueryEvaluationError",
            "cause": cause,
            "location": "Arguments/FunctionName",
            "state": "Work",
        },
    )
    assert types(ran)[3:5] == ["TaskStateExited", "SucceedStateEntered"]
