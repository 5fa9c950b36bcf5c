"""The integrations sqs:sendMessage, sns:publish and events:putEvents. A body that is JSON is sent as its text.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html
https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import optimized
from refit.embedded_cloud.step_functions.integrations.resource import Resource
from refit.embedded_cloud.step_functions.interpreter.task import Task

SQS = optimized.Service("sqs", "SQS", "AmazonSQSException", "AmazonSQS")
SNS = optimized.Service("sns", "SNS", "AmazonSNSException", "AmazonSNS")
EVENTS = optimized.Service("events", "EventBridge", "AmazonEventBridgeException", "AmazonEventBridge")


def run_send_message(task: Task, _: Resource) -> Any:
    """Sends a message to a queue."""
    response = optimized.call(task, SQS, "SendMessage", task.arguments, lambda given: _as_text(given, "MessageBody"))
    return optimized.result(response)


def run_publish(task: Task, _: Resource) -> Any:
    """Publishes a message to a topic."""
    response = optimized.call(task, SNS, "Publish", task.arguments, lambda given: _as_text(given, "Message"))
    return optimized.result(response)


def run_put_events(task: Task, _: Resource) -> Any:
    """Puts events, with the ARNs of the state machine and the execution among their resources.

    One entry that fails fails the task with EventBridge.FailedEntry; the response is the Cause.
    """

    def prepare(given: Any) -> Any:
        entries = given.get("Entries") if isinstance(given, dict) else None
        own = [task.state_machine_arn, task.execution_arn]
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            return given
        detailed = [_as_text(entry, "Detail") for entry in entries]
        return {
            **given,
            "Entries": [{**entry, "Resources": [*entry.get("Resources", ()), *own]} for entry in detailed],
        }

    response = optimized.call(task, EVENTS, "PutEvents", task.arguments, prepare)
    answer = {name: response[name] for name in ("Entries", "FailedEntryCount")}
    if answer["FailedEntryCount"]:
        raise StatesError("EventBridge.FailedEntry", json.dumps(answer, separators=(",", ":")))
    return answer


def _as_text(given: Any, member: str) -> Any:
    if not isinstance(given, dict) or given.get(member) is None or isinstance(given[member], str):
        return given
    return {**given, member: json.dumps(given[member], separators=(",", ":"))}
