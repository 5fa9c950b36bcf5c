"""Validates requests against botocore's model of their service, with AWS's error messages.

Required members, types, lengths, ranges, patterns and enums come from the model; other rules are checked by the
operations. Unknown members are ignored, as on AWS.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session

from refit.embedded_cloud.aws_json.errors import ApiError

Problems = Iterator[str]

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
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
_JSON_NAMES = {str: "STRING_VALUE", bool: "TRUE_VALUE", int: "NUMBER_VALUE", float: "DECIMAL_VALUE"}
_TARGETS = {"string": "String", "integer": "Integer", "long": "Long", "float": "Float", "boolean": "Boolean"}
# The numbers that AWS's types can hold; the years of a timestamp are those that its SDKs can represent.
_LARGEST: Mapping[str, float] = {"integer": 2**31 - 1, "long": 2**63 - 1, "timestamp": 253_402_300_799}


def check(service: str, operation: str, request: Mapping[str, Any]) -> None:
    """Checks a request of `operation`; `service` is its name in botocore.

    Raises ApiError: SerializationException for a wrong type, else ValidationException with every violation.
    """
    shape = _model(service).operation_model(operation).input_shape
    problems = list(_members(shape, request, ""))
    if problems:
        noun = "error" if len(problems) == 1 else "errors"
        message = f"{len(problems)} validation {noun} detected: {'; '.join(problems)}"
        raise ApiError("ValidationException", message)


def check_types(shape: Any, request: Mapping[str, Any]) -> None:
    """Checks only the types of a request of this shape, not its values. Raises ApiError: SerializationException."""
    for _ in _members(shape, request, ""):
        pass


def known_members(service: str, operation: str, request: Mapping[str, Any]) -> Any:
    """The request without nulls and without members that the service model does not contain, at every level."""
    return _known(_model(service).operation_model(operation).input_shape, request)


def input_shape(service: str, operation: str) -> Any:
    """The structure of the service model that the requests of an operation have."""
    return _model(service).operation_model(operation).input_shape


def routes(service: str) -> list[tuple[str, str, str]]:
    """The name, HTTP method and path of each operation of the service model."""
    model = _model(service)
    operations = [(name, model.operation_model(name).http) for name in model.operation_names]
    return [(name, http["method"], http["requestUri"]) for name, http in operations]


def is_operation(service: str, name: str) -> bool:
    """Whether the service model has an operation with this name."""
    return name in _model(service).operation_names


def values(service: str, enum: str) -> list[str]:
    """The values of an enum of the service model."""
    return list(_model(service).shape_for(enum).enum)


def _known(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        present = ((name, item) for name, item in value.items() if name in shape.members and item is not None)
        return {name: _known(shape.members[name], item) for name, item in present}
    if shape.type_name == "list":
        return [_known(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: _known(shape.value, item) for key, item in value.items()}
    return value


@functools.cache
def _model(service: str) -> Any:
    return botocore.session.Session().get_service_model(service)


@functools.lru_cache(maxsize=512)
def _pattern(source: str) -> re.Pattern[str] | None:
    """A Java pattern in Python's syntax; None if Python cannot compile it, in which case any value is accepted."""
    for java, python in ((r"\p{L}", r"\w"), (r"\p{N}", r"\d"), (r"\p{Z}", r"\s")):
        source = source.replace(java, python)
    try:
        return re.compile(source)
    except re.error:
        return None


def _check(shape: Any, value: Any, path: str) -> Problems:
    expected = _PYTHON_TYPES.get(shape.type_name)
    if (expected and not isinstance(value, expected)) or (isinstance(value, bool) and shape.type_name != "boolean"):
        found = _JSON_NAMES.get(type(value), "Start of structure, map or list")
        target = _TARGETS.get(shape.type_name, shape.type_name)
        raise ApiError("SerializationException", f"{found} cannot be converted to {target} at '{path}'")
    if isinstance(value, int | float) and not _fits(shape.type_name, value):
        raise ApiError("SerializationException", f"the number at '{path}' is out of the range of {shape.type_name}")
    if shape.type_name == "structure":
        yield from _members(shape, value, f"{path}.")
    elif shape.type_name == "list":
        yield from _size(shape, value, len(value), path)
        for number, item in enumerate(value, 1):
            yield from _check(shape.member, item, f"{path}.{number}.member")
    elif shape.type_name == "map":
        yield from _size(shape, value, len(value), path)
        for key, item in value.items():
            yield from _check(shape.key, key, f"{path}.{key}.key")
            yield from _check(shape.value, item, f"{path}.{key}.member")
    elif shape.type_name == "string":
        yield from _text(shape, value, path)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _range(shape, value, path)


def _fits(type_name: str, value: float) -> bool:
    """Whether AWS's type can hold the number."""
    largest = _LARGEST.get(type_name, math.inf)
    try:
        return math.isfinite(value) and -largest <= value <= largest
    except OverflowError:  # an int that is too large for a float
        return False


def _members(shape: Any, value: Mapping[str, Any], prefix: str) -> Problems:
    for name, member in shape.members.items():
        path = f"{prefix}{name[0].lower()}{name[1:]}"
        if value.get(name) is not None:
            yield from _check(member, value[name], path)
        elif name in shape.required_members:
            yield f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def _text(shape: Any, value: str, path: str) -> Problems:
    if shape.enum and value not in shape.enum:
        yield _violation(value, path, f"satisfy enum value set: [{', '.join(shape.enum)}]")
    too_long = list(_size(shape, value, len(value), path))
    yield from too_long
    # The pattern is not matched against a value that is too long: some patterns would take very long.
    source = None if too_long else shape.metadata.get("pattern")
    pattern = _pattern(source) if source else None
    if pattern and not pattern.fullmatch(value):
        yield _violation(value, path, f"satisfy regular expression pattern: {source}")


def _size(shape: Any, value: Any, size: int, path: str) -> Problems:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _violation(value, path, f"have length greater than or equal to {low}")
    if high is not None and size > high:
        yield _violation(value, path, f"have length less than or equal to {high}")


def _range(shape: Any, value: float, path: str) -> Problems:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and value < low:
        yield _violation(value, path, f"have value greater than or equal to {low}")
    if high is not None and value > high:
        yield _violation(value, path, f"have value less than or equal to {high}")


def _violation(value: Any, path: str, constraint: str) -> str:
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {constraint}"
