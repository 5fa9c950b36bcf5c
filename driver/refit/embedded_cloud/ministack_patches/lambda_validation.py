"""Lambda: requests for functions are validated as AWS validates them, and the payload of an invocation must be JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import error_response_json

from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.ministack_patches.patching import patch

FUNCTIONS = "/2015-03-31/functions"
INVALID = "InvalidParameterValueException"


@patch("services.lambda_svc", "handle_request")
async def validate(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """Rejects malformed payloads and functions, which ministack accepts.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """
    try:
        if method == "POST" and path.rstrip("/").endswith("/invocations"):
            _check_payload(body)
        elif method == "POST" and path.rstrip("/") == FUNCTIONS:
            _check_function(json.loads(body or b"{}"))
    except ApiError as error:
        return error_response_json(error.code, str(error), error.status)
    return await handle(method, path, headers, body, query)


def _check_payload(body: bytes) -> None:
    """AWS's words: alexcasalboni/aws-lambda-power-tuning#148; after them, it quotes its own JSON parser."""
    try:
        json.loads(body or b"{}", parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        message = f"Could not parse request body into json: Could not parse payload into json: {error}"
        raise ApiError("InvalidRequestContentException", message) from error


def _reject_constant(name: str) -> None:
    raise ValueError(f"Unrecognized token '{name}'")


def _check_function(request: Mapping[str, Any]) -> None:
    runtime, runtimes = request.get("Runtime"), validation.values("lambda", "Runtime")
    if runtime is not None and runtime not in runtimes:
        raise ApiError(
            INVALID,
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(runtimes)}] or be a valid ARN",
        )
    if request.get("PackageType", "Zip") == "Zip" and not (runtime and request.get("Handler")):
        raise ApiError(
            INVALID, "Runtime and Handler are mandatory parameters for functions created with deployment packages."
        )
    validation.check("lambda", "CreateFunction", request)
