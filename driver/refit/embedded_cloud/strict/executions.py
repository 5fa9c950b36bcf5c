"""Step Functions: an execution that was just started may not be found, nor be listed.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html and API_ListExecutions.html
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack import app

from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.visibility import CURRENT, Changes

Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Awaitable[Reply]]

SECONDS = 0.3
SHARE = 0.3


def late_executions(handle: Handler, late: Chance, changes: Changes) -> Handler:
    """The service's handler, in which some executions are at first only known to StartExecution."""

    async def handling(
        method: str, path: str, headers: Mapping[str, str], body: Any, query: Mapping[str, Any], *rest: Any, **more: Any
    ) -> Reply:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation == "DescribeExecution" and not _is_visible(changes, _document(body).get("executionArn")):
            return _missing(_document(body)["executionArn"])
        reply = await handle(method, path, headers, body, query, *rest, **more)
        if reply[0] != 200:
            return reply
        if operation == "StartExecution" and late.occurs():
            changes.record(_document(reply[2])["executionArn"], None)
        if operation == "ListExecutions":
            return _without_new(reply, changes)
        return reply

    return handling


def _is_visible(changes: Changes, arn: Any) -> bool:
    return changes.seen(arn) is CURRENT


def _missing(arn: str) -> Reply:
    error = {"__type": "ExecutionDoesNotExist", "message": f"Execution Does Not Exist: '{arn}'"}
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(error).encode()


def _without_new(reply: Reply, changes: Changes) -> Reply:
    status, headers, body = reply
    document = _document(body)
    visible = [each for each in document["executions"] if _is_visible(changes, each["executionArn"])]
    if len(visible) == len(document["executions"]):
        return reply
    return status, headers, json.dumps({**document, "executions": visible}).encode()


def _document(body: Any) -> dict[str, Any]:
    """The JSON object of a request or response; empty if it is not one, which the service then rejects."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def install() -> None:
    """Wraps the handler of Step Functions."""
    late = Chance("executions", SHARE)
    app.SERVICE_HANDLERS["states"] = late_executions(app.SERVICE_HANDLERS["states"], late, Changes(SECONDS))
