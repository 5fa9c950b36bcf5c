"""The events of a task: those of a function that the state names by its ARN, and those of a service integration.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.history import NOT_TRUNCATED

Event = tuple[str, dict[str, Any] | None]
"""The type of an event, and its details as a member of the event."""


class FunctionEvents:
    """Of a Task whose Resource is the ARN of a Lambda function."""

    token = False
    submits = False

    def __init__(self, resource: str) -> None:
        self.owner = resource

    def scheduled(self, arguments: str, region: str, timeout: int | None, heartbeat: int | None) -> Event:
        given = {"resource": self.owner, "input": arguments, "inputDetails": NOT_TRUNCATED}
        details = {**given, "timeoutInSeconds": timeout}
        return "LambdaFunctionScheduled", {"lambdaFunctionScheduledEventDetails": _given(details)}

    def started(self) -> Event:
        return "LambdaFunctionStarted", None

    def succeeded(self, output: str) -> Event:
        details = {"output": output, "outputDetails": NOT_TRUNCATED}
        return "LambdaFunctionSucceeded", {"lambdaFunctionSucceededEventDetails": details}

    def failed(self, error: StatesError, submitted: bool) -> Event:
        details = {"error": error.error, "cause": error.cause}
        return "LambdaFunctionFailed", {"lambdaFunctionFailedEventDetails": _given(details)}

    def timed_out(self, error: StatesError) -> Event:
        details = {"error": error.error, "cause": error.cause}
        return "LambdaFunctionTimedOut", {"lambdaFunctionTimedOutEventDetails": _given(details)}


class ServiceEvents:
    """Of a Task whose Resource is `arn:aws:states:::<service>:<operation>`, perhaps with `.sync` or another pattern."""

    def __init__(self, resource: str) -> None:
        parts = resource.split(":")[5:]
        self.owner = ":".join(parts[:-1])
        self._about = {"resourceType": self.owner, "resource": parts[-1]}
        self.token = parts[-1].endswith(".waitForTaskToken")
        self.submits = ".sync" in parts[-1]

    def scheduled(self, arguments: str, region: str, timeout: int | None, heartbeat: int | None) -> Event:
        limits = {"timeoutInSeconds": timeout, "heartbeatInSeconds": heartbeat}
        details = {**self._about, "region": region, "parameters": arguments, **limits}
        return "TaskScheduled", {"taskScheduledEventDetails": _given(details)}

    def started(self) -> Event:
        return "TaskStarted", {"taskStartedEventDetails": dict(self._about)}

    def submitted(self, output: str) -> Event:
        details = {**self._about, "output": output, "outputDetails": NOT_TRUNCATED}
        return "TaskSubmitted", {"taskSubmittedEventDetails": details}

    def succeeded(self, output: str) -> Event:
        details = {**self._about, "output": output, "outputDetails": NOT_TRUNCATED}
        return "TaskSucceeded", {"taskSucceededEventDetails": details}

    def failed(self, error: StatesError, submitted: bool) -> Event:
        """With `.sync`, a request that the service refuses is TaskSubmitFailed (ASFHyP3/hyp3#805: submitJob.sync)."""
        details = _given({**self._about, "error": error.error, "cause": error.cause})
        if self.submits and not submitted:
            return "TaskSubmitFailed", {"taskSubmitFailedEventDetails": details}
        return "TaskFailed", {"taskFailedEventDetails": details}

    def timed_out(self, error: StatesError) -> Event:
        details = {**self._about, "error": error.error, "cause": error.cause}
        return "TaskTimedOut", {"taskTimedOutEventDetails": _given(details)}


def events_of(resource: str) -> FunctionEvents | ServiceEvents:
    return FunctionEvents(resource) if resource.split(":")[2:3] == ["lambda"] else ServiceEvents(resource)


def _given(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}
