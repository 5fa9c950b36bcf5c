"""Implements InvokeEndpointAsync, the runtime API of endpoints with an AsyncInferenceConfig.

The request names an object with the body; the prediction is written to another object after the response. Notifications
and the expiry of requests are not emulated.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
"""

from __future__ import annotations

import functools
import json
import logging
import re
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from refit.embedded_cloud import faults
from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.instance import channels
from refit.embedded_cloud.instance.algorithm import ModelError, Payload
from refit.embedded_cloud.sagemaker import execution_role, loaded_models, store
from refit.embedded_cloud.sagemaker.errors import ApiError, throttled
from refit.embedded_cloud.sagemaker.loaded_models import Variant
from refit.embedded_cloud.sagemaker.resources import Endpoint, Json
from refit.embedded_cloud.sagemaker.scope import Scope

PATH = re.compile(r"/endpoints/(?P<name>[^/]+)/async-invocations")
SERVICE, OPERATION = "sagemaker-runtime", "InvokeEndpointAsync"
DEFAULT_CONTENT_TYPE = "application/json"

logger = logging.getLogger(__name__)

Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Invocation:
    """An accepted request: where its body is (or the body itself), and where its answer and its error go."""

    inference_id: str
    source: str
    body: bytes
    content_type: str
    accept: str
    output: str
    failure: str


def is_asynchronous(scope: Scope, name: str) -> bool:
    """Whether the endpoint with exactly this name has an AsyncInferenceConfig in service."""
    endpoint = store.find(Endpoint, scope, name)
    return endpoint is not None and "AsyncInferenceConfig" in endpoint.features


def invoke(path: str, headers: Mapping[str, str], body: bytes, scope: Scope) -> Reply:
    """Accepts one request and returns where its answer will be. Header names are in lowercase. Raises ApiError."""
    match = PATH.fullmatch(path)
    if match is None:
        raise ApiError("UnknownOperationException", f"the embedded cloud has no {path}", 404)
    if faults.take(f"throttle.{OPERATION}"):
        raise throttled()
    name = unquote(match["name"])
    request = _request(name, headers, body)
    endpoint, fleet = store.find(Endpoint, scope, name), loaded_models.fleet(scope, name)
    if endpoint is None or fleet is None:
        raise ApiError("ValidationError", f"Endpoint {name} of account {scope.account} not found.")
    if not is_asynchronous(scope, name):
        raise ApiError("ValidationError", f"Endpoint {name} is not configured for asynchronous inference.")
    variant = fleet.choose("")
    if variant is None:
        raise ApiError("ValidationError", f"Endpoint {name} of account {scope.account} not found.")
    invocation = _invocation(request, endpoint.features["AsyncInferenceConfig"]["OutputConfig"], body)
    threading.Thread(
        target=_answer, args=(endpoint, variant, invocation), name=f"async-{invocation.inference_id}", daemon=True
    ).start()
    locations = {"x-amzn-sagemaker-outputlocation": invocation.output}
    if invocation.failure:
        locations["x-amzn-sagemaker-failurelocation"] = invocation.failure
    document = {"InferenceId": invocation.inference_id}
    return 202, {"content-type": "application/json", **locations}, json.dumps(document).encode()


def _request(name: str, headers: Mapping[str, str], body: bytes) -> Json:
    """The members of the request, from its path and headers. Raises ApiError if one is invalid or missing."""
    shape = _input_shape()
    request: Json = {"EndpointName": name}
    for member, of in shape.members.items():
        value = headers.get(str(of.serialization.get("name", "")).lower())
        if of.serialization.get("location") == "header" and value is not None:
            request[member] = int(value) if of.type_name == "integer" and value.isascii() and value.isdigit() else value
    try:
        validation.check(SERVICE, OPERATION, request)
    except ApiError as error:
        raise ApiError("ValidationError", str(error)) from error
    longest = shape.members["Body"].metadata["max"]
    if len(body) > longest:
        raise ApiError(
            "ValidationError",
            "1 validation error detected: Value at 'body' failed to satisfy constraint: "
            f"Member must have length less than or equal to {longest}",
        )
    if bool(body) == ("InputLocation" in request):
        raise ApiError("ValidationError", "Specify either InputLocation or a Body.")
    return request


@functools.cache
def _input_shape() -> Any:
    return botocore.session.Session().get_service_model(SERVICE).operation_model(OPERATION).input_shape


def _invocation(request: Json, output: Json, body: bytes) -> Invocation:
    inference_id = request.get("InferenceId") or str(uuid.uuid4())
    folder, extension = output["S3OutputPath"].rstrip("/"), request.get("S3OutputPathExtension", "").strip("/")
    name = request.get("Filename") or f"{uuid.uuid4()}.out"
    failures = output.get("S3FailurePath", "").rstrip("/")
    return Invocation(
        inference_id=inference_id,
        source=request.get("InputLocation", ""),
        body=body,
        content_type=request.get("ContentType", DEFAULT_CONTENT_TYPE),
        accept=request.get("Accept", ""),
        output="/".join(part for part in (folder, extension, name) if part),
        failure=f"{failures}/{uuid.uuid4()}-error.out" if failures else "",
    )


def _answer(endpoint: Endpoint, variant: Variant, invocation: Invocation) -> None:
    """Writes the prediction, or the error if there is a place for it, with the permissions of the model's role."""
    try:
        s3 = execution_role.s3(_role(endpoint, variant), endpoint)
        try:
            body = invocation.body or _read(s3, invocation.source)
            content_type = invocation.content_type.partition(";")[0].strip().lower()
            response = variant.predictor.predict(Payload(body, content_type, invocation.accept.lower()))
        except (ModelError, ClientError, BotoCoreError) as error:
            if invocation.failure:
                _write(s3, invocation.failure, str(error).encode(), "text/plain")
            return
        _write(s3, invocation.output, response.body, response.content_type)
    except Exception:
        # As on AWS, where a role without permission to write leaves no answer and no error.
        logger.exception("inference %s of endpoint %s", invocation.inference_id, endpoint.name)


def _role(endpoint: Endpoint, variant: Variant) -> str:
    return next(str(each["ExecutionRoleArn"]) for each in endpoint.variants if each["VariantName"] == variant.name)


def _read(s3: Any, uri: str) -> bytes:
    bucket, key = channels.split(uri)
    content: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


def _write(s3: Any, uri: str, body: bytes, content_type: str) -> None:
    bucket, key = channels.split(uri)
    s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)
