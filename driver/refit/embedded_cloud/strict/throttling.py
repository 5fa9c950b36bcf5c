"""Rejects a share of the calls to every service with its throttling error, in bursts of at most two.

Every service limits the rate of its calls, and SDKs make at least two more attempts. The calls of Step Functions'
tasks have no more attempts than the Retry of their state:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ministack import app

from refit.embedded_cloud.strict.chance import Chance

Reply = tuple[int, dict[str, str], bytes]
Handler = Callable[..., Awaitable[Reply]]

SHARE = 0.01
SHARE_THAT_GOES_ON = 0.5
MOST_IN_A_ROW = 2
INVOCATION = "amz-sdk-invocation-id"
"""The header of every attempt of an SDK: the calls of other clients, which may not retry, are not throttled."""


def _json_error(code: str, status: int = 400) -> Reply:
    body = json.dumps({"__type": code, "message": "Rate exceeded", "Message": "Rate exceeded"}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body


def _query_error(status: int = 400) -> Reply:
    error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
    return status, {"Content-Type": "text/xml"}, f"<ErrorResponse>{error}</ErrorResponse>".encode()


def _s3_error() -> Reply:
    error = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
    return 503, {"Content-Type": "application/xml"}, error.encode()


ERRORS: Mapping[str, Reply] = {
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html, and the same page of the others
    **dict.fromkeys(("sagemaker", "states", "ssm", "events", "logs"), _json_error("ThrottlingException")),
    **dict.fromkeys(("iam", "sts"), _query_error()),
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/CommonErrors.html
    "scheduler": _json_error("ThrottlingException", 429),
    # https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
    "lambda": _json_error("TooManyRequestsException", 429),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
    "s3": _s3_error(),
}
"""The throttling error of each service."""


class Bursts:
    """Which calls of a service are throttled: a share, and never more than two in a row of one operation."""

    def __init__(self, begins: Chance, goes_on: Chance) -> None:
        self._begins, self._goes_on = begins, goes_on
        self._in_a_row: dict[str, int] = {}
        self._lock = threading.Lock()

    def throttles(self, operation: str) -> bool:
        """Whether the next call of the operation is throttled."""
        with self._lock:
            already = self._in_a_row.get(operation, 0)
            chance = self._goes_on if already else self._begins
            throttled = already < MOST_IN_A_ROW and chance.occurs()
            self._in_a_row[operation] = already + 1 if throttled else 0
            return throttled


def throttled(service: str, handle: Handler, bursts: Bursts) -> Handler:
    """The handler of a service that rejects some of the calls of SDKs before they do anything."""

    async def throttling(
        method: str, path: str, headers: dict[str, str], body: Any, query: Mapping[str, Any], *rest: Any, **more: Any
    ) -> Reply:
        if (
            INVOCATION in headers
            and not path.startswith("/endpoints/")
            and bursts.throttles(operation(method, path, headers, body, query))
        ):
            return ERRORS[service]
        return await handle(method, path, headers, body, query, *rest, **more)

    return throttling


def operation(method: str, path: str, headers: Mapping[str, str], body: Any, query: Mapping[str, Any]) -> str:
    """What a request does: its target or action, or for REST its method, path and the names of its parameters."""
    if target := headers.get("x-amz-target"):
        return target
    form = parse_qs(body.decode(errors="replace")) if isinstance(body, bytes) and body.startswith(b"Action=") else {}
    if action := form.get("Action") or query.get("Action"):
        return str(action)
    return f"{method} {path} {sorted(query)}"


def install() -> None:
    """Wraps the handlers of all services."""
    for service in ERRORS:
        bursts = Bursts(Chance(f"throttling {service}", SHARE), Chance(f"bursts {service}", SHARE_THAT_GOES_ON))
        app.SERVICE_HANDLERS[service] = throttled(service, app.SERVICE_HANDLERS[service], bursts)
