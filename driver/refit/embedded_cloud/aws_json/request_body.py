"""Parses the JSON body of a request into the members that the operation has. Every flaw is an ApiError.

AWS ignores members that its service model does not contain, so they are neither stored nor described.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.aws_json.errors import ApiError


def parse(service: str, operation: str, body: bytes) -> dict[str, Any]:
    """The validated members of a request of `operation`; `service` is its name in botocore.

    Raises ApiError: SerializationException or ValidationException.
    """
    request = document(body or b"{}")
    validation.check(service, operation, request)
    known: dict[str, Any] = validation.known_members(service, operation, request)
    return known


def document(body: bytes) -> Mapping[str, Any]:
    """The JSON object that a body contains. Raises ApiError: SerializationException."""
    try:
        decoded = json.loads(body.decode(), parse_constant=_reject_constant)
        # A lone surrogate (the escape \ud800) is valid JSON, but not text that can be stored or sent on.
        json.dumps(decoded, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ApiError("SerializationException", f"the request is not JSON: {type(error).__name__}") from error
    if not isinstance(decoded, dict):
        raise ApiError("SerializationException", "the request is not a JSON object")
    return decoded


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
