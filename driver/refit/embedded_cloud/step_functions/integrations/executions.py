"""The integration states:startExecution, which with .sync and .sync:2 waits until the execution has ended.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import optimized
from refit.embedded_cloud.step_functions.integrations.resource import Resource
from refit.embedded_cloud.step_functions.interpreter.task import Task

STATES = optimized.Service("stepfunctions", "StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions")
POLL_SECONDS = 0.2


def run(task: Task, resource: Resource) -> Any:
    """Starts an execution; with .sync the result is its description, and one that did not succeed fails the task.

    With .sync:2 the Output is JSON instead of its text. The execution of an abandoned task is stopped.
    """
    started = optimized.call(task, STATES, "StartExecution", task.arguments, _request)
    accepted = optimized.result(_pascal(started))
    if not resource.pattern.startswith("sync"):
        return accepted
    task.submitted(accepted)
    arn = {"executionArn": started["executionArn"]}
    while (described := optimized.call(task, STATES, "DescribeExecution", arn))["status"] == "RUNNING":
        if task.abandoned.wait(POLL_SECONDS):
            optimized.call(task, STATES, "StopExecution", arn)
            raise StatesError("States.TaskFailed", "the task was abandoned")
    described.pop("ResponseMetadata")
    answer = optimized.in_milliseconds(_pascal(described))
    if answer["Status"] != "SUCCEEDED":
        raise StatesError("States.TaskFailed", json.dumps(answer, separators=(",", ":")))
    return {**answer, "Output": json.loads(answer["Output"])} if resource.pattern == "sync:2" else answer


def _request(given: Any) -> Any:
    """The arguments with the API's names, and the Input as its text."""
    if not isinstance(given, dict):
        return given
    named = {f"{name[:1].lower()}{name[1:]}": value for name, value in given.items()}
    if "input" in named and not isinstance(named["input"], str):
        named["input"] = json.dumps(named["input"], separators=(",", ":"))
    return named


def _pascal(response: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name[:1].upper()}{name[1:]}": _pascal(value) if name.endswith("Details") else value
        for name, value in response.items()
    }
