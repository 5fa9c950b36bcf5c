"""Checks the arguments of intrinsic functions. The words of the refusals are not AWS's, which are not documented."""

from __future__ import annotations

import math
from typing import Any


class Refusal(ValueError):
    """An intrinsic function refuses its arguments."""


def count(arguments: tuple[Any, ...], *allowed: int) -> None:
    """Refuses a number of arguments that is not `allowed`."""
    if len(arguments) not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise Refusal(f"Expected {wanted} argument{'' if allowed == (1,) else 's'} but received {len(arguments)}")


def as_list(value: Any) -> list[Any]:
    """`value` if it is an array."""
    if not isinstance(value, list):
        raise Refusal("The argument must be an array")
    return value


def as_text(value: Any) -> str:
    """`value` if it is a string."""
    if not isinstance(value, str):
        raise Refusal("The argument must be a string")
    return value


def as_integer(value: Any) -> int:
    """`value` rounded to the nearest integer as Java does: halves go up, also below zero."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal("The argument must be a number")
    return value if isinstance(value, int) else math.floor(value + 0.5)


def short(value: str, limit: int) -> str:
    """`value` if it has at most `limit` characters."""
    if len(value) > limit:
        raise Refusal(f"The argument must not be longer than {limit} characters")
    return value
