"""Checks the responses of an emulated service against its service model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

# Required by the model, but a published description of a job that is Starting has no artifacts.
NOT_ALWAYS_THERE = {"DescribeTrainingJobResponse.ModelArtifacts"}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
}


def watch(client: Any) -> None:
    """From now on every response that the client receives is checked; an AssertionError leaves the call."""
    client.meta.events.register("after-call.*.*", _check)


def _check(http_response: Any, model: Any, **_: Any) -> None:
    if http_response.status_code == 200 and model.output_shape:
        faults = list(_faults(model.output_shape, json.loads(http_response.content or b"{}"), model.output_shape.name))
        assert not faults, faults


def _faults(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What the model does not allow: unknown members, missing members, wrong types, values of no enum."""
    if not isinstance(value, TYPES[shape.type_name]):
        yield f"{path} is {value!r}, not a {shape.type_name}"
    elif shape.type_name == "structure":
        yield from (f"{path}.{name} is unknown" for name in value.keys() - shape.members.keys())
        missing = {f"{path}.{name}" for name in shape.required_members if name not in value}
        yield from (f"{name} is missing" for name in sorted(missing - NOT_ALWAYS_THERE))
        for name in value.keys() & shape.members.keys():
            yield from _faults(shape.members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            yield from _faults(shape.member, item, f"{path}[]")
    elif shape.type_name == "map":
        for item in value.values():
            yield from _faults(shape.value, item, f"{path}{{}}")
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{path} is {value!r}, which is none of {shape.enum}"
