"""Dispatches SageMaker API requests (AWS JSON 1.1) to their operations, and writes the responses."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.concurrency import run_reentrant

from refit.embedded_cloud import faults
from refit.embedded_cloud.aws_json import request_body
from refit.embedded_cloud.sagemaker import (
    capacities,
    endpoint_configs,
    endpoints,
    invoke_endpoint,
    invoke_endpoint_async,
    members,
    models,
    processing_jobs,
    tags,
    training_jobs,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, throttled
from refit.embedded_cloud.sagemaker.resources import Json
from refit.embedded_cloud.sagemaker.scope import Scope

logger = logging.getLogger(__name__)

Reply = tuple[int, dict[str, str], bytes]

OPERATIONS: Mapping[str, Callable[[Json, Scope], Json]] = {
    "CreateTrainingJob": training_jobs.create,
    "DescribeTrainingJob": training_jobs.describe,
    "ListTrainingJobs": training_jobs.list_,
    "StopTrainingJob": training_jobs.stop,
    "CreateProcessingJob": processing_jobs.create,
    "DescribeProcessingJob": processing_jobs.describe,
    "ListProcessingJobs": processing_jobs.list_,
    "StopProcessingJob": processing_jobs.stop,
    "CreateModel": models.create,
    "DescribeModel": models.describe,
    "ListModels": models.list_,
    "DeleteModel": models.delete,
    "CreateEndpointConfig": endpoint_configs.create,
    "DescribeEndpointConfig": endpoint_configs.describe,
    "ListEndpointConfigs": endpoint_configs.list_,
    "DeleteEndpointConfig": endpoint_configs.delete,
    "CreateEndpoint": endpoints.create,
    "UpdateEndpoint": endpoints.update,
    "DescribeEndpoint": endpoints.describe,
    "ListEndpoints": endpoints.list_,
    "UpdateEndpointWeightsAndCapacities": capacities.update,
    "DeleteEndpoint": endpoints.delete,
    "AddTags": tags.add,
    "ListTags": tags.list_,
    "DeleteTags": tags.delete,
}


async def handle(
    method: str, path: str, headers: Mapping[str, str], body: bytes | str, query_params: Mapping[str, Any]
) -> Reply:
    """Handles a request of the control plane or the runtime in a thread, with the signature of a ministack service."""
    names = {name.lower(): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    scope = Scope.current()
    if path.startswith("/endpoints/"):
        return await asyncio.to_thread(_invocation, path, names, data, scope)
    operation = names.get("x-amz-target", "").rpartition(".")[2]
    # In its own thread, because the operation may call S3, which this process serves.
    reply: Reply = await run_reentrant(_response, operation, data, scope, thread_name=f"sagemaker-{operation}")
    return reply


def _invocation(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    if not path.endswith("/async-invocations"):
        return invoke_endpoint.invoke(path, headers, body, scope)
    try:
        return invoke_endpoint_async.invoke(path, headers, body, scope)
    except ApiError as error:
        return invoke_endpoint.error_reply(error.status, error.code, {"Message": str(error)})


def _response(operation: str, body: bytes, scope: Scope) -> Reply:
    try:
        return _reply(200, _call(operation, body, scope))
    except ApiError as error:
        return _reply(error.status, {"__type": error.code, "message": str(error)})
    except Exception:
        logger.exception("operation %s", operation)
        return _reply(500, {"__type": "InternalFailure", "message": "The embedded cloud failed; see its log."})


def _call(operation: str, body: bytes, scope: Scope) -> Json:
    function = OPERATIONS.get(operation)
    if function is None:
        raise ApiError("UnknownOperationException", f"the embedded cloud's SageMaker has no operation {operation!r}")
    if faults.take(f"throttle.{operation}"):
        raise throttled()
    request = request_body.parse("sagemaker", operation, body)
    members.check(operation, request)
    return function(request, scope)


def _reply(status: int, document: Json) -> Reply:
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(document).encode()
