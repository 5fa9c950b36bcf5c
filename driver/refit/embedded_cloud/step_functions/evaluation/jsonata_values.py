"""Turns JSON into what JSONata's evaluator works on, and its results into JSON.

The evaluator reads None as undefined and has a value of its own for null.
"""

from __future__ import annotations

import math
from typing import Any

from jsonata.utils import Utils

LONG = 2**63
"""Integers from here on are doubles in Java, which Step Functions uses."""


class UnsupportedResultError(Exception):
    """A result is neither JSON nor undefined: a function or a regular expression."""


def from_json(value: Any) -> Any:
    """A copy of `value`, with JSONata's null."""
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, dict):
        return {name: from_json(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [from_json(inside) for inside in value]
    return value


def to_json(value: Any) -> Any:
    """`value` as JSON. Raises UnsupportedResultError.

    A whole number is an integer. What is not a number is its name in text, as AWS answers (floci, docs).
    """
    if value is None or value is Utils.NULL_VALUE:
        return None
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if -LONG <= value < LONG else float(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dict):
        return {name: to_json(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [to_json(inside) for inside in value]
    raise UnsupportedResultError


def _number(value: float) -> Any:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return int(value) if value.is_integer() and abs(value) < LONG else value
