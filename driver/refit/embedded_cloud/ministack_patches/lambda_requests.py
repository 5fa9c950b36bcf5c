"""Lambda: requests that exceed the service's limits are rejected, as are environment variables that it reserves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ministack.core.responses import error_response_json

from refit.embedded_cloud.ministack_patches.patching import patch

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_PAYLOAD = {"RequestResponse": 6 * 1024 * 1024, "Event": 1024 * 1024}
MAX_ENVIRONMENT = 4 * 1024
RANGES = {"MemorySize": (128, 10240), "Timeout": (1, 900)}
FUNCTION = re.compile(r"/2015-03-31/functions(/[^/]+/configuration)?/?")
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
RESERVED = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    }
)
UNABLE = "Lambda was unable to configure your environment variables because the environment variables you have provided"


@patch("services.lambda_svc", "handle_request")
async def check_limits(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """Rejects what ministack accepts: large payloads and environments, and memory and time-outs out of range.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """
    if method == "POST" and path.rstrip("/").endswith("/invocations"):
        kind = headers.get("x-amz-invocation-type") or "RequestResponse"
        limit = MAX_PAYLOAD.get(kind, MAX_PAYLOAD["RequestResponse"])
        if len(body) > limit:
            message = f"{len(body)} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
            return error_response_json("RequestEntityTooLargeException", message, 413)
    if method in ("POST", "PUT") and FUNCTION.fullmatch(path):
        problem = next(_problems(json.loads(body or b"{}")), None)
        if problem:
            return error_response_json(*problem, 400)
    return await handle(method, path, headers, body, query)


def _problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    variables = (document.get("Environment") or {}).get("Variables") or {}
    if reserved := ", ".join(sorted(RESERVED & variables.keys())):
        words = "contains reserved keys that are currently not supported for modification. Reserved keys used in this"
        yield "InvalidParameterValueException", f"{UNABLE} {words} request: {reserved}"
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > MAX_ENVIRONMENT:
        yield "InvalidParameterValueException", f"{UNABLE} exceeded the 4KB limit. String measured: {measured}"
    for name, (least, most) in RANGES.items():
        value = document.get(name)
        if value is None or least <= value <= most:
            continue
        relation = f"greater than or equal to {least}" if value < least else f"less than or equal to {most}"
        member = name[0].lower() + name[1:]
        yield (
            "ValidationException",
            f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: "
            f"Member must have value {relation}",
        )
