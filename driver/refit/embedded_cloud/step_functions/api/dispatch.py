"""Dispatches Step Functions API requests (AWS JSON 1.0) to their operations, and writes the responses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.concurrency import run_reentrant

from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.step_functions.api import (
    callbacks,
    definitions,
    executions,
    history,
    state_machines,
    tags,
    versions,
)

Json = dict[str, Any]
Reply = tuple[int, dict[str, str], bytes]

OPERATIONS: Mapping[str, Callable[[Json], Json]] = {
    "CreateStateMachine": state_machines.create,
    "UpdateStateMachine": state_machines.update,
    "DescribeStateMachine": state_machines.describe,
    "DeleteStateMachine": state_machines.delete,
    "ListStateMachines": state_machines.list_,
    "ListStateMachineVersions": versions.list_,
    "ValidateStateMachineDefinition": definitions.validate,
    "StartExecution": executions.start,
    "StartSyncExecution": executions.start_sync,
    "StopExecution": executions.stop,
    "RedriveExecution": executions.redrive,
    "DescribeExecution": executions.describe,
    "DescribeStateMachineForExecution": executions.describe_state_machine,
    "ListExecutions": executions.list_,
    "GetExecutionHistory": history.get,
    "SendTaskSuccess": callbacks.succeed,
    "SendTaskFailure": callbacks.fail,
    "SendTaskHeartbeat": callbacks.heartbeat,
    "TagResource": tags.add,
    "UntagResource": tags.remove,
    "ListTagsForResource": tags.list_,
}


async def handle(
    method: str, path: str, headers: Mapping[str, str], body: bytes | str, query_params: Mapping[str, Any]
) -> Reply:
    """Handles a request in a thread, with the signature of a ministack service."""
    operation = headers.get("x-amz-target", "").rpartition(".")[2]
    # In its own thread, because an operation may publish an event, whose target this process serves.
    reply: Reply = await run_reentrant(respond, operation, body, thread_name=f"states-{operation}")
    return reply


def respond(operation: str, body: bytes | str) -> Reply:
    """The response to a request, in the account and region of ministack's context."""
    try:
        return _reply(200, _call(operation, body))
    except ApiError as error:
        return _reply(error.status, {"__type": error.code, "message": str(error)})


def _call(operation: str, body: bytes | str) -> Json:
    function = OPERATIONS.get(operation)
    if function is None:
        message = f"the embedded cloud's Step Functions has no operation {operation!r}"
        raise ApiError("UnknownOperationException", message)
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("SerializationException", f"the request is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise ApiError("SerializationException", "the request is not a JSON object")
    validation.check("stepfunctions", operation, request)
    return function({name: value for name, value in request.items() if value is not None})


def _reply(status: int, document: Json) -> Reply:
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(document).encode()
