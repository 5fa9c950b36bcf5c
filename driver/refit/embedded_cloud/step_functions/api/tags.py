"""Implements TagResource, UntagResource and ListTagsForResource.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.step_functions import arns, store
from refit.embedded_cloud.step_functions.errors import no_resource
from refit.embedded_cloud.step_functions.store import StateMachine

Json = dict[str, Any]

LIMIT = 50


def of(given: Iterable[Json], present: dict[str, str] | None = None) -> dict[str, str]:
    """`present` with the tags `given`. Raises ApiError TooManyTags."""
    merged = {**(present or {}), **{tag["key"]: tag.get("value", "") for tag in given}}
    if len(merged) > LIMIT:
        raise ApiError("TooManyTags", f"You've exceeded the number of tags allowed for a resource, {LIMIT}.")
    return merged


def add(request: Json) -> Json:
    """The newer value of a key replaces the older."""
    with store.lock:
        machine = _tagged(request)
        machine.tags = of(request["tags"], machine.tags)
    return {}


def remove(request: Json) -> Json:
    """Keys that the resource lacks are ignored."""
    with store.lock:
        machine = _tagged(request)
        machine.tags = {key: value for key, value in machine.tags.items() if key not in request["tagKeys"]}
    return {}


def list_(request: Json) -> Json:
    """The tags in the order in which they were added."""
    with store.lock:
        return {"tags": [{"key": key, "value": value} for key, value in _tagged(request).tags.items()]}


def _tagged(request: Json) -> StateMachine:
    arn = arns.check(request["resourceArn"], arns.MACHINE)
    machine = store.machines.get(arn)
    if machine is None:
        raise no_resource(arn)
    return machine
