"""Checks that a JSON request is JSON, and that its members have the types of the service's model.

Lengths, patterns and required members are left to the services.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from refit.embedded_cloud.aws_json import request_body, validation

MODELS: Mapping[str, str] = {
    "events": "events",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "monitoring": "cloudwatch",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "sqs": "sqs",
    "ssm": "ssm",
}
"""The services of which the requests are checked, and their names in botocore."""


def check(service: str, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    """Raises ApiError, a SerializationException, if the body of a request is not what the operation reads."""
    operation = _operation(service, method, path, headers)
    if not operation:
        return
    model = MODELS[service]
    shape = validation.input_shape(model, operation)
    payload = shape.serialization.get("payload") if shape is not None else None
    if shape is None or (payload and shape.members[payload].type_name == "blob"):
        return
    document = request_body.document(body or b"{}")
    validation.check_types(shape.members[payload] if payload else shape, document)


def _operation(service: str, method: str, path: str, headers: Mapping[str, str]) -> str:
    """The name of the operation that a JSON request calls; "" if it is another request, or calls none that exists."""
    if service not in MODELS:
        return ""
    if target := headers.get("x-amz-target"):
        name = target.rpartition(".")[2]
        return name if validation.is_operation(MODELS[service], name) else ""
    if method in ("POST", "PUT", "PATCH"):
        for pattern, name in _paths(MODELS[service], method):
            if pattern.fullmatch(path):
                return name
    return ""


@functools.cache
def _paths(model: str, method: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns of the paths of a REST service's operations, the most specific first."""
    uris = {name: uri for name, verb, uri in validation.routes(model) if verb == method and uri != "/"}
    longest = sorted(uris, key=lambda name: (-uris[name].count("/"), uris[name].count("{"), name))
    return tuple((re.compile(_pattern(uris[name])), name) for name in longest)


def _pattern(uri: str) -> str:
    parts = re.split(r"\{[^}]*\}", uri.partition("?")[0].rstrip("/"))
    return "[^/]+".join(map(re.escape, parts)) + "/?"
