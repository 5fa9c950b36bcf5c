"""The intrinsic functions of numbers. Recorded values: LocalStack's intrinsic_functions/test_math_operations.py."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS, Refusal


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        *((-9, 3, -6), (1.49, 1.50, 3), (1.50, 1.51, 4), (-1.49, -1.50, -2), (-1.50, -1.51, -3), (1.49, -1.49, 0)),
        *((1.49, 0, 1), (1.5, 0, 2), (-1.49, 0, -1), (-1.5, 0, -1), (-1.51, 0, -2)),
        *((0.5, 0, 1), (2.5, 0, 3), (3.5, 0, 4), (-0.5, 0.5, 1), (-2.5, 0, -2)),
        (10**20, 1, 10**20 + 1),
    ],
)
def test_numbers_are_rounded_as_in_java_and_added(first: float, second: float, total: int) -> None:
    answer = FUNCTIONS["MathAdd"](first, second)
    assert (answer, type(answer)) == (total, int)


def test_a_random_number_is_from_the_start_to_below_the_end() -> None:
    assert {FUNCTIONS["MathRandom"](1, 3) for _ in range(100)} == {1, 2}


def test_a_seed_gives_the_same_number() -> None:
    assert FUNCTIONS["MathRandom"](0, 10**9, 3) == FUNCTIONS["MathRandom"](0, 10**9, 3)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("MathAdd", ("1", 2), "The argument must be a number"),
        ("MathAdd", (True, 2), "The argument must be a number"),
        ("MathAdd", (None, 2), "The argument must be a number"),
        ("MathAdd", (1, 2, 3), "Expected 2 arguments but received 3"),
        ("MathRandom", (3, 3), "The start must be smaller than the end"),
        ("MathRandom", (1,), "Expected 2 or 3 arguments but received 1"),
        ("MathRandom", (1, 2, "s"), "The argument must be a number"),
    ],
)
def test_a_function_of_numbers_refuses(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        FUNCTIONS[name](*arguments)
    assert str(refused.value) == words
