"""Implements InvokeEndpoint, the runtime API.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from urllib.parse import unquote

from refit.embedded_cloud import faults
from refit.embedded_cloud.instance.algorithm import ModelError, Payload
from refit.embedded_cloud.sagemaker import invoke_endpoint_async, loaded_models
from refit.embedded_cloud.sagemaker.errors import ApiError, throttled
from refit.embedded_cloud.sagemaker.scope import Scope

PATH = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations")
MODEL_ERROR_STATUS = 424
CLIENT_ERROR = "CLIENT_ERROR_FROM_MODEL"

Reply = tuple[int, dict[str, str], bytes]


def invoke(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    """Handles one request with the models currently in service. Header names are in lowercase."""
    try:
        return _invoke(path, headers, body, scope)
    except ApiError as error:
        return error_reply(error.status, error.code, {"Message": str(error)})


def _invoke(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    match = PATH.fullmatch(path)
    if match is None:
        raise ApiError("UnknownOperationException", f"the embedded cloud has no {path}", 404)
    if faults.take("throttle.InvokeEndpoint"):
        raise throttled()
    name = unquote(match["name"])
    fleet = loaded_models.fleet(scope, name)
    if fleet is None:
        # AWS returns the same error for an endpoint that is still being created, or has failed.
        raise ApiError("ValidationError", f"Endpoint {name} of account {scope.account} not found.")
    if invoke_endpoint_async.is_asynchronous(scope, name):
        raise ApiError("ValidationError", f"Endpoint {name} is configured for asynchronous inference only.")
    target = headers.get("x-amzn-sagemaker-target-variant", "")
    variant = fleet.choose(target)
    if variant is None:
        raise ApiError("ValidationError", f"Variant {target} of endpoint {name} not found.")
    if len(body) > variant.max_bytes:
        # As users report it: https://github.com/aws/sagemaker-python-sdk/issues/4271
        raise ApiError("ValidationError", f"Request {uuid.uuid4()} has oversize body.")
    payload = Payload(body, _media_type(headers.get("content-type", "")), headers.get("accept", "").lower())
    try:
        response = variant.predictor.predict(payload)
        if len(response.body) > variant.max_bytes:
            raise ModelError(500, f"the response has {len(response.body):,} bytes, more than {variant.max_bytes:,}")
        if not (response.content_type.isascii() and response.content_type.isprintable()):
            raise ModelError(500, f"the response's content type cannot be sent: {response.content_type!r:.100}")
    except ModelError as error:
        return _model_error(name, error, scope)
    # Lowercase names keep ministack from replacing the content type with that of the control plane.
    headers = {"content-type": response.content_type, "x-amzn-invoked-production-variant": variant.name}
    return 200, headers, response.body


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def _model_error(name: str, error: ModelError, scope: Scope) -> Reply:
    group = f"/aws/sagemaker/Endpoints/{name}"
    console = f"https://{scope.region}.console.aws.amazon.com/cloudwatch/home?region={scope.region}"
    # The status 0 is a response that did not arrive in time.
    is_server_error = error.status >= 500 or error.status == 0
    side, code = ("server", "INTERNAL_FAILURE_FROM_MODEL") if is_server_error else ("client", CLIENT_ERROR)
    document = {
        "ErrorCode": code,
        "Message": f'Received {side} error ({error.status}) from primary with message "{error}". See {console}'
        f"#logEventViewer:group={group} in account {scope.account} for more information.",
        "OriginalStatusCode": error.status,
        "OriginalMessage": str(error),
        "LogStreamArn": f"arn:aws:logs:{scope.region}:{scope.account}:log-group:{group}",
    }
    return error_reply(MODEL_ERROR_STATUS, "ModelError", document)


def error_reply(status: int, code: str, document: Mapping[str, object]) -> Reply:
    """The error response of a runtime operation."""
    return status, {"content-type": "application/json", "x-amzn-errortype": code}, json.dumps(document).encode()
