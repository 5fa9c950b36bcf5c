"""Repairs the user's own value of a field: the nearest value that the field accepts, for the hint of a problem.

Nothing is proposed that the field would refuse: every candidate is validated against the field's type.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from refit.domain import time_zones
from refit.pipeline.hcl.located import Path, name
from refit.pipeline.schema.constraints import Constraint
from refit.problem_codes import Code

WORDS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}


def repaired(field: FieldInfo, path: Path, depth: int, value: object) -> str:
    """How to write a refused value at `path`, of which `depth` steps lead to `field`; empty if there is no repair.

    An element of a list is written alone, everything else with its name.
    """
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    inner = path[depth:]
    for candidate in _candidates(field, value):
        with suppress(ValidationError):
            adapter.validate_python(_wrapped(inner, candidate), strict=True)
            written = json.dumps(candidate, ensure_ascii=False)
            return written if isinstance(path[-1], int) else f"{name(str(path[-1]))} = {written}"
    return ""


def repaired_key(field: FieldInfo, key: str, value: object) -> str:
    """How to write an entry of a map whose name was refused; empty if there is no repair."""
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    for candidate in _texts(key):
        with suppress(ValidationError):
            adapter.validate_python({candidate: text}, strict=True)
            return f"{name(candidate)} = {json.dumps(text, ensure_ascii=False)}"
    return ""


def _wrapped(inner: Path, candidate: object) -> object:
    """The candidate as the only entry of the maps and lists along the path."""
    for step in reversed(inner):
        candidate = {step: candidate} if isinstance(step, str) else (candidate,)
    return candidate


def _candidates(field: FieldInfo, value: object) -> Iterator[object]:
    choices = _choices(field.annotation)
    if isinstance(value, bool) or value is None:
        yield json.dumps(value)
    elif isinstance(value, int | float):
        yield from _numbers(field, choices, value)
        yield json.dumps(value)
    elif isinstance(value, str):
        for text in _texts(value):
            yield text
            yield (text,)
            with suppress(ValueError):
                yield from _numbers(field, choices, float(text))
        yield from get_close_matches(value.lower(), [one for one in choices if isinstance(one, str)], 1)
        if value.lower() in WORDS:
            yield WORDS[value.lower()]
        if any(isinstance(rule, Constraint) and rule.code == Code.UNKNOWN_TIME_ZONE for rule in field.metadata):
            zones = {zone.lower(): zone for zone in time_zones.names()}
            yield from (zones[zone] for zone in get_close_matches(value.lower(), zones, 1, 0.85))
    if isinstance(value, bool | int | float):
        yield (value,)


def _choices(annotation: Any) -> Sequence[object]:
    """The values of a Literal, also of an optional one."""
    found = [one for one in get_args(annotation) if isinstance(one, str | int)]
    return found or [one for inner in get_args(annotation) for one in get_args(inner) if isinstance(one, str | int)]


def _numbers(field: FieldInfo, choices: Sequence[object], value: float) -> Iterator[object]:
    """The number itself, a whole number, and the nearest that the bounds or the choices of the field allow."""
    if abs(value) < 10**15 and value == value:
        yield round(value) if value == round(value) else value
        yield round(value)
    bounds: list[float] = [one for one in choices if isinstance(one, int)]
    for rule in field.metadata:
        bounds += [bound for side in ("ge", "le") if (bound := getattr(rule, side, None)) is not None]
        bounds += [rule.lt - 1] if hasattr(rule, "lt") else []
    yield from sorted(bounds, key=lambda bound: abs(bound - value))


def _texts(text: str) -> Iterator[str]:
    """The text with the usual mistakes mended, from the smallest change to the largest."""
    plain = text.strip()
    yield plain
    yield f"{plain.strip('/')}/"
    yield re.sub("/+", "/", f"{plain.strip('/')}/")
    yield f"/{plain.strip('/')}"
    yield plain.strip("/")
    yield plain.lower()
    if re.match(r"[a-z]+[0-9]\w*\.\w+$", plain.lower()):
        yield f"ml.{plain.lower()}"
    yield re.sub(r"\.[a-z]*$", "", plain) + ".py"
    yield plain.replace(" ", "_")
    yield plain.lower().replace("_", "-")
    yield re.sub(r"(?<=[0-9])[a-z]$", "", plain.lower())
    if "/" in plain:
        yield re.sub("/+", "/", re.sub(r"[^A-Za-z0-9_.=/-]+", "-", plain).strip("/") + "/")
    for safe in (r"[^A-Za-z0-9_.:/-]+", r"[^A-Za-z0-9-]+", r"[^a-z0-9-]+"):
        words = re.sub(safe, "-", plain if "A" in safe else plain.lower())
        words = re.sub("-{2,}", "-", words).strip("-")
        yield words
        yield words[:32].rstrip("-")
        yield words[:63].rstrip("-")
        yield f"{words.strip('/')}/"
    yield from _dates(plain)


def _dates(text: str) -> Iterator[str]:
    """A date in another form, or after the last day of its month."""
    found = re.fullmatch(r"([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})(?:[T ].*)?", text)
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) > 0:
        last = monthrange(int(found[1]), int(found[2]))[1]
        yield f"{found[1]}-{int(found[2]):02}-{min(max(int(found[3]), 1), last):02}"
