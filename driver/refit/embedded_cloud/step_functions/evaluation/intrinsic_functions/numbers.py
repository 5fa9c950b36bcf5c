"""The intrinsic functions of numbers."""

from __future__ import annotations

import random
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions.arguments import Refusal, as_integer, count


def math_add(*arguments: Any) -> int:
    """The sum of two numbers, each rounded to an integer first."""
    count(arguments, 2)
    return as_integer(arguments[0]) + as_integer(arguments[1])


def math_random(*arguments: Any) -> int:
    """A number from the first to below the second; the same for the same third argument, the seed.

    The numbers of a seed are not AWS's, which are not documented.
    """
    count(arguments, 2, 3)
    start, end = as_integer(arguments[0]), as_integer(arguments[1])
    if start >= end:
        raise Refusal("The start must be smaller than the end")
    seed = as_integer(arguments[2]) if len(arguments) == 3 else None
    return random.Random(seed).randrange(start, end)  # noqa: S311 - not for secrets
