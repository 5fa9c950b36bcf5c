"""Executions that were just started."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.executions import SECONDS, late_executions
from refit.embedded_cloud.strict.visibility import Changes

OLD, NEW = "arn:old", "arn:new"
ANSWERS: dict[str, dict[str, Any]] = {
    "StartExecution": {"executionArn": NEW},
    "DescribeExecution": {"executionArn": NEW, "status": "RUNNING"},
    "ListExecutions": {"executions": [{"executionArn": NEW}, {"executionArn": OLD}], "nextToken": "more"},
}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """Step Functions with two executions, behind the handler under test."""

    def __init__(self, share: float) -> None:
        self.clock = Clock()
        self._handle = late_executions(self._serve, Chance("executions", share), Changes(SECONDS, self.clock))

    async def _serve(self, method: str, path: str, headers: dict[str, str], *_: Any) -> Any:
        return 200, {}, json.dumps(ANSWERS[headers["x-amz-target"].rpartition(".")[2]]).encode()

    def call(self, operation: str, body: Any = None) -> Any:
        headers = {"x-amz-target": f"AWSStepFunctions.{operation}"}
        text = json.dumps({"executionArn": NEW} if body is None else body).encode()
        return json.loads(asyncio.run(self._handle("POST", "/", headers, text, {}))[2])


def test_an_execution_may_not_be_found_or_listed_at_first() -> None:
    service = Service(1)
    assert service.call("StartExecution") == ANSWERS["StartExecution"]
    missing = service.call("DescribeExecution")
    assert missing == {"__type": "ExecutionDoesNotExist", "message": f"Execution Does Not Exist: '{NEW}'"}
    assert service.call("ListExecutions") == {"executions": [{"executionArn": OLD}], "nextToken": "more"}
    service.clock.now = SECONDS
    assert service.call("DescribeExecution") == ANSWERS["DescribeExecution"]
    assert service.call("ListExecutions") == ANSWERS["ListExecutions"]


def test_most_executions_are_found_at_once() -> None:
    service = Service(0)
    for operation, answer in ANSWERS.items():
        assert service.call(operation) == answer


def test_a_request_that_is_not_an_object_is_left_to_the_service() -> None:
    assert Service(1).call("DescribeExecution", []) == ANSWERS["DescribeExecution"]
