"""The intrinsic functions of arrays."""

from __future__ import annotations

import json
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions.arguments import (
    Refusal,
    as_integer,
    as_list,
    count,
)

MAX_RANGE = 1000
"""The elements that States.ArrayRange makes at most."""


def array(*elements: Any) -> list[Any]:
    """Its arguments as an array."""
    return list(elements)


def array_partition(*arguments: Any) -> list[list[Any]]:
    """An array in chunks of a size; the last may be shorter."""
    count(arguments, 2)
    elements, size = as_list(arguments[0]), as_integer(arguments[1])
    if size < 1:
        raise Refusal("The chunk size must be a positive integer")
    return [elements[at : at + size] for at in range(0, len(elements), size)]


def array_contains(*arguments: Any) -> bool:
    """Whether an array has an element."""
    count(arguments, 2)
    wanted = _canonical(arguments[1])
    return any(_canonical(element) == wanted for element in as_list(arguments[0]))


def array_range(*arguments: Any) -> list[int]:
    """The numbers from the first to the last, the last included, by a step."""
    count(arguments, 3)
    first, last, step = map(as_integer, arguments)
    if step == 0:
        raise Refusal("The step must not be zero")
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > MAX_RANGE:
        raise Refusal(f"The array must not have more than {MAX_RANGE} elements")
    return list(numbers)


def array_get_item(*arguments: Any) -> Any:
    """The element at an index, from 0."""
    count(arguments, 2)
    elements, index = as_list(arguments[0]), arguments[1]
    if isinstance(index, bool) or not isinstance(index, int):
        raise Refusal("The index must be an integer")
    if not 0 <= index < len(elements):
        raise Refusal(f"Index {index} out of bounds for length {len(elements)}")
    return elements[index]


def array_length(*arguments: Any) -> int:
    """The number of elements."""
    count(arguments, 1)
    return len(as_list(arguments[0]))


def array_unique(*arguments: Any) -> list[Any]:
    """The elements without repetitions, in their order."""
    count(arguments, 1)
    return list({_canonical(element): element for element in reversed(as_list(arguments[0]))}.values())[::-1]


def _canonical(value: Any) -> str:
    """A text that is the same for equal JSON: true differs from 1, and 1 from 1.0, as in Jackson."""
    return json.dumps(value, sort_keys=True)
