"""The runtime API: InvokeEndpoint.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import unquote

from refit.embedded_cloud import faults
from refit.embedded_cloud.instance.algorithm import Payload, Refused
from refit.embedded_cloud.sagemaker import loaded_models
from refit.embedded_cloud.sagemaker.errors import ApiError, throttled
from refit.embedded_cloud.sagemaker.scope import Scope

PATH = re.compile(r"/endpoints/(?P<name>[^/]+)/invocations")
MODEL_ERROR_STATUS = 424
CLIENT_ERROR = "CLIENT_ERROR_FROM_MODEL"

Reply = tuple[int, dict[str, str], bytes]


def invoke(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    """Answers one request with the models that serve now. Header names are in lower case. Never raises."""
    try:
        return _invoke(path, headers, body, scope)
    except ApiError as error:
        return _error(error.status, error.code, {"Message": str(error)})


def _invoke(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    match = PATH.fullmatch(path)
    if match is None:
        raise ApiError("UnknownOperationException", f"the embedded cloud has no {path}", 404)
    if faults.take("throttle.InvokeEndpoint"):
        raise throttled()
    name = unquote(match["name"])
    fleet = loaded_models.fleet(scope, name)
    if fleet is None:
        # The answer also for an endpoint that is still being created, or has failed.
        raise ApiError("ValidationError", f"Endpoint {name} of account {scope.account} not found.")
    target = headers.get("x-amzn-sagemaker-target-variant", "")
    variant = fleet.choose(target)
    if variant is None:
        raise ApiError("ValidationError", f"Variant {target} of endpoint {name} not found.")
    payload = Payload(body, _media_type(headers.get("content-type", "")), headers.get("accept", "").lower())
    try:
        answer = variant.predictor.predict(payload)
    except Refused as refusal:
        return _model_error(name, refusal, scope)
    # Lower-case names keep ministack from "correcting" the type to that of the control plane.
    return 200, {"content-type": answer.content_type, "x-amzn-invoked-production-variant": variant.name}, answer.body


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def _model_error(name: str, refusal: Refused, scope: Scope) -> Reply:
    group = f"/aws/sagemaker/Endpoints/{name}"
    console = f"https://{scope.region}.console.aws.amazon.com/cloudwatch/home?region={scope.region}"
    side, code = ("server", "INTERNAL_FAILURE_FROM_MODEL") if refusal.status >= 500 else ("client", CLIENT_ERROR)
    document = {
        "ErrorCode": code,
        "Message": f'Received {side} error ({refusal.status}) from primary with message "{refusal}". See {console}'
        f"#logEventViewer:group={group} in account {scope.account} for more information.",
        "OriginalStatusCode": refusal.status,
        "OriginalMessage": str(refusal),
        "LogStreamArn": f"arn:aws:logs:{scope.region}:{scope.account}:log-group:{group}",
    }
    return _error(MODEL_ERROR_STATUS, "ModelError", document)


def _error(status: int, code: str, document: Mapping[str, object]) -> Reply:
    return status, {"content-type": "application/json", "x-amzn-errortype": code}, json.dumps(document).encode()
