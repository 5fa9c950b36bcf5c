"""The intrinsic functions of text."""

from __future__ import annotations

import re
import uuid as uuids
from decimal import Decimal
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions.arguments import Refusal, as_text, count

PLACEHOLDER = re.compile(r"\\(?P<escaped>.)|\{\}|[{}]|\\", re.DOTALL)


def format_text(*arguments: Any) -> str:
    """The first argument with each `{}` replaced by a further argument; `\\{` is a brace."""
    if not arguments:
        raise Refusal("Expected a template")
    values = list(arguments[1:])

    def placed(found: re.Match[str]) -> str:
        if found["escaped"] and found["escaped"] in "'{}\\":
            return found["escaped"]
        if found[0] != "{}":
            raise Refusal(f"Invalid template: {arguments[0]}")
        if not values:
            raise Refusal("There are more placeholders than arguments")
        return java_text(values.pop(0))

    text = PLACEHOLDER.sub(placed, as_text(arguments[0]))
    if values:
        raise Refusal("There are more arguments than placeholders")
    return text


def java_text(value: Any) -> str:
    """`value` as Java's toString writes it (recorded on AWS: LocalStack's test_generic::test_format_2)."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return _java_double(value)
        case list():
            return "[" + ", ".join(map(java_text, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{name}={java_text(inside)}" for name, inside in value.items()) + "}"
    return str(value)


def _java_double(value: float) -> str:
    """Java's Double.toString: an exponent from 10^7 on and below 10^-3, with at least one decimal."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    places = int(exponent) + len(digits)  # the decimal point stands after so many digits
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value) if "e" not in repr(value) else f"{value:.{max(1, -int(exponent))}f}"
    mantissa = f"{digits[0]}.{''.join(map(str, digits[1:])) or '0'}"
    return f"{'-' if sign else ''}{mantissa}E{places - 1}"


def string_split(*arguments: Any) -> list[str]:
    """A text between any of the delimiter's characters, without empty parts."""
    count(arguments, 2)
    source, delimiters = as_text(arguments[0]), as_text(arguments[1])
    if not delimiters:
        raise Refusal("The delimiter must not be empty")
    return [part for part in re.split(f"[{re.escape(delimiters)}]", source) if part]


def uuid(*arguments: Any) -> str:
    """A random UUID."""
    count(arguments, 0)
    return str(uuids.uuid4())
