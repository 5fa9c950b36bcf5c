"""The functions that Step Functions adds to JSONata.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
What they answer for unusual arguments was measured on AWS by floci (floci-io/floci, docs and JsonataEvaluator).
"""

from __future__ import annotations

import hashlib
import json
import random as random_numbers
import uuid as uuids
from collections.abc import Callable
from typing import Any, Final

from jsonata.jsonata import Jsonata

from refit.embedded_cloud.step_functions.evaluation.jsonata_values import from_json

ALGORITHMS: Final = {"SHA-1": "sha1", "SHA-384": "sha384", "SHA-256": "sha256", "SHA-512": "sha512", "MD5": "md5"}
MAX_RANGE: Final = 360_145
"""The elements that $range makes at most."""
MEMORY_EXCEEDED: Final = "Expression evaluation memory limit exceeded"
MULTIPLIER, INCREMENT, MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1
"""The linear congruential generator of java.util.Random, which $random uses."""


class FunctionError(Exception):
    """A function refuses its arguments; the text begins with JSONata's code."""


def frame(parent: Any) -> Any:
    """JSONata's environment with AWS's functions, and without `$eval`, which AWS does not support."""
    environment = Jsonata.Frame(parent)
    for name, (function, most) in FUNCTIONS.items():
        environment.bind(name, _function(name, function, most))
    environment.bind("eval", None)
    return environment


def _function(name: str, function: Callable[..., Any], most: int) -> Any:
    """`function` for JSONata, refusing more than `most` arguments: the signature lets one more through for that."""

    class Implementation(Jsonata.JFunctionCallable):  # type: ignore[misc]
        def call(self, input: Any, args: Any) -> Any:
            arguments = list(args or ())
            while arguments and arguments[-1] is None:
                arguments.pop()
            if len(arguments) > most:
                raise _mismatch(name, most + 1)
            return function(*arguments, *[None] * (most - len(arguments)))

    return Jsonata.JFunction(Implementation(), f"<{'x?' * (most + 1)}:x>")


def _mismatch(name: str, argument: int) -> FunctionError:
    return FunctionError(f'T0410: Argument {argument} of function "{name}" does not match function signature')


def _integer(value: Any, name: str, argument: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mismatch(name, argument)
    return int(value)  # towards zero, as AWS rounds


def parse(source: Any) -> Any:
    """What a text says in JSON."""
    if source is None:
        return None
    if not isinstance(source, str):
        raise _mismatch("parse", 1)
    try:
        return from_json(json.loads(source, parse_constant=_refuse, object_pairs_hook=_once))
    except ValueError as error:
        raise FunctionError("D3137: Invalid JSON") from error


def _refuse(name: str) -> None:
    raise ValueError(name)


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in members}) < len(members):
        raise ValueError("a name is repeated")
    return dict(members)


def partition(array: Any, size: Any) -> Any:
    """An array in chunks of a size."""
    if array is None:
        return None
    if not isinstance(array, list):
        raise FunctionError('T0412: Argument 1 of function "partition" must be an array of undefined')
    if not array:
        return None
    if size is None:
        return [array]
    length = _integer(size, "partition", 2)
    if length < 0:
        raise FunctionError("D3137: Second argument must be zero or greater")
    return [array[at : at + length] for at in range(0, len(array), length)] if length else None


def range_of(first: Any, last: Any, step: Any) -> Any:
    """The numbers from the first to the last, the last included, by a step; a single number is not a list."""
    start, end = _integer(first, "range", 1), _integer(last, "range", 2)
    by = 0 if step is None else _integer(step, "range", 3)
    if by == 0:
        return None
    numbers = range(start, end + (1 if by > 0 else -1), by)
    if len(numbers) > MAX_RANGE:
        raise FunctionError(MEMORY_EXCEEDED)
    return list(numbers) if len(numbers) > 1 else next(iter(numbers), None)


def count(value: Any) -> int:
    """The number of elements, as JSONata counts: null is one, which the library counts as none."""
    if value is None:
        return 0
    return len(value) if isinstance(value, list) else 1


def hash_of(text: Any, algorithm: Any) -> str | None:
    """The hash of a text, in hexadecimal."""
    if not isinstance(text, str):
        raise _mismatch("hash", 1)
    if algorithm is None:
        return None
    if not isinstance(algorithm, str):
        raise _mismatch("hash", 2)
    if algorithm not in ALGORITHMS:
        raise FunctionError(f"D3137: Hash algorithm '{algorithm}' must be one of {', '.join(ALGORITHMS)}")
    return hashlib.new(ALGORITHMS[algorithm], text.encode()).hexdigest()


def random(seed: Any) -> float:
    """A number from 0 to below 1; with a seed java.util.Random's first double, which AWS answers."""
    if seed is None:
        return random_numbers.random()  # noqa: S311 - not for secrets
    state = (_integer(seed, "random", 1) ^ MULTIPLIER) & MASK
    state = (state * MULTIPLIER + INCREMENT) & MASK
    high = state >> 22
    state = (state * MULTIPLIER + INCREMENT) & MASK
    return float(((high << 27) + (state >> 21)) / (1 << 53))


def uuid() -> str:
    """A random UUID."""
    return str(uuids.uuid4())


FUNCTIONS: Final[dict[str, tuple[Callable[..., Any], int]]] = {
    "count": (count, 1),
    "parse": (parse, 1),
    "partition": (partition, 2),
    "range": (range_of, 3),
    "hash": (hash_of, 2),
    "random": (random, 1),
    "uuid": (uuid, 0),
}
"""AWS's functions, and $count of JSONata, each with the arguments that it takes at most."""
