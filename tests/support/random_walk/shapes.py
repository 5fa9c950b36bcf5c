"""Random values of the types that answers have: shapes of botocore's service models, and the product's TypedDicts.

A task of an AWS SDK integration returns what the SDK for Java makes of the response: members that the service left out
are absent, instants are ISO 8601, and a number that JSON cannot represent is text.
"""

from __future__ import annotations

import random
import types
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

TEXTS = (
    "",
    " ",
    "a",
    "null",
    "two\nlines",
    'quote " brace } ]',
    "{% $states.input %}",
    "$.failed",
    "States.Format('{}')",
    '{"errorMessage": "inner"}',
    "ümläut ☃ 𝄞",
    "x" * 1024,
    "Rate exceeded",
    "Could not find endpoint",
)
"""Free text that code may mistake for something else."""

NOT_FINITE = ("NaN", "Infinity", "-Infinity")
MOST_DEPTH = 4
START = datetime(2026, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> str:
    """An instant as the SDK for Java writes it: without a fraction if there is none."""
    return moment.isoformat().replace("+00:00", "Z")


def of_shape(shape: Shape | None, rng: random.Random, fullness: float, depth: int = 0) -> Any:
    """A random value of a response's shape; each optional member is present with the probability `fullness`."""
    if shape is None:
        return {}
    if isinstance(shape, StructureShape):
        return {
            name: of_shape(member, rng, fullness, depth + 1)
            for name, member in shape.members.items()
            if name in shape.required_members or (depth < MOST_DEPTH and rng.random() < fullness)
        }
    if isinstance(shape, ListShape):
        count = 0 if depth > MOST_DEPTH else rng.choice((0, 1, 1, 2))
        count = max(count, shape.metadata.get("min", 0))
        return [of_shape(shape.member, rng, fullness, depth + 1) for _ in range(count)]
    if isinstance(shape, MapShape):
        count = 0 if depth > MOST_DEPTH else rng.choice((0, 1, 2))
        return {f"{_text(shape.key, rng)}{n}": of_shape(shape.value, rng, fullness, depth + 1) for n in range(count)}
    return _scalar(shape, rng)


def _scalar(shape: Shape, rng: random.Random) -> Any:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape.type_name:
        case "string" | "blob":
            return _text(shape, rng)
        case "boolean":
            return rng.random() < 0.5
        case "integer" | "long":
            return rng.choice((0 if least is None else least, 1, 2**31 - 1 if most is None else most))
        case "float" | "double":
            return rng.choice((0.0, -1.5, 0.25, 1e300, *NOT_FINITE))
        case "timestamp":
            return instant(START + timedelta(seconds=rng.randrange(-100, 10_000), milliseconds=rng.choice((0, 7, 120))))
        case other:
            raise NotImplementedError(f"{shape.name}: {other}")


def _text(shape: Shape, rng: random.Random) -> str:
    """A value of an enumeration, sometimes one that AWS has added since; a name; or odd text."""
    if isinstance(shape, StringShape) and shape.enum:
        return rng.choice(shape.enum) if rng.random() < 0.95 else "AddedLater"
    if "pattern" in shape.metadata and shape.metadata["pattern"] not in ("[\\S\\s]*", ".*", "[\\p{L}\\M]*"):
        return f"name-{rng.randrange(100)}"
    return rng.choice(TEXTS)[: shape.metadata.get("max", 1024)].ljust(shape.metadata.get("min", 0), "x")


def of_type(kind: Any, rng: random.Random) -> Any:
    """A random value of a type of the run document: a TypedDict, a list, a union, or a scalar."""
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        present = {n: h for n, h in hints.items() if get_origin(h) is not NotRequired or rng.random() < 0.5}
        return {name: of_type(hint, rng) for name, hint in present.items()}
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is NotRequired:
        return of_type(arguments[0], rng)
    if origin in (Union, types.UnionType):
        return of_type(rng.choice(arguments), rng)
    if origin is list:
        return [of_type(arguments[0], rng) for _ in range(rng.choice((0, 1, 2)))]
    if origin in (dict, Mapping):
        return {f"{rng.choice(TEXTS)}{n}": of_type(arguments[1], rng) for n in range(rng.choice((0, 1, 2)))}
    values: dict[Any, tuple[Any, ...]] = {
        str: TEXTS,
        bool: (True, False),
        int: (0, 1, 2**53),
        float: (0.0, -1.5, 1e300),
        type(None): (None,),
        object: (None, "ok", 1),
    }
    return rng.choice(values[kind])
