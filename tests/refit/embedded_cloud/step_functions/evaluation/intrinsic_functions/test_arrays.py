"""The intrinsic functions of arrays. Recorded values: LocalStack's intrinsic_functions/test_array.py."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS, Refusal


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("Array", (), []),
        ("Array", ("", None, 1.1), ["", None, 1.1]),
        ("ArrayPartition", ([0, 1, 2, 3], 3), [[0, 1, 2], [3]]),
        ("ArrayPartition", ([], 2), []),
        ("ArrayPartition", ([1, 2, 3], 1.5), [[1, 2], [3]]),
        ("ArrayContains", ([], None), False),
        ("ArrayContains", ([[1, 2, 3], 2], [1, 2, 3]), True),
        ("ArrayContains", ([{"1": 2, "2": []}], {"2": [], "1": 2}), True),
        ("ArrayContains", ([True, False], False), True),
        ("ArrayContains", ([1, 0], True), False),
        ("ArrayRange", (0, 9, 3), [0, 3, 6, 9]),
        ("ArrayRange", (0, 10, 3), [0, 3, 6, 9]),
        ("ArrayRange", (1, 9, 9), [1]),
        ("ArrayRange", (9, 1, -4), [9, 5, 1]),
        ("ArrayRange", (1.5, 3.2, 1), [2, 3]),
        ("ArrayGetItem", ([1, 2, 3, 4, 5, 6], 5), 6),
        ("ArrayLength", ([1, 2, 3],), 3),
        ("ArrayUnique", ([None, None, True, 1, 1, 1.1, "a", "a", [], [], {"a": 1, "b": 2}, {"b": 2, "a": 1}],), None),
    ],
)
def test_an_array_function_answers(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    answer = FUNCTIONS[name](*arguments)
    if name == "ArrayUnique":
        assert [repr(element) for element in answer] == ["None", "True", "1", "1.1", "'a'", "[]", "{'a': 1, 'b': 2}"]
    else:
        assert answer == value


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("ArrayPartition", ([1], 0), "The chunk size must be a positive integer"),
        ("ArrayPartition", ([1], -1), "The chunk size must be a positive integer"),
        ("ArrayPartition", ("x", 1), "The argument must be an array"),
        ("ArrayPartition", ([1], True), "The argument must be a number"),
        ("ArrayPartition", ([1],), "Expected 2 arguments but received 1"),
        ("ArrayRange", (1, 9, 0), "The step must not be zero"),
        ("ArrayRange", (1, 1001, 1), "The array must not have more than 1000 elements"),
        ("ArrayGetItem", ([1], 1), "Index 1 out of bounds for length 1"),
        ("ArrayGetItem", ([1], 0.5), "The index must be an integer"),
        ("ArrayGetItem", ([1], "0"), "The index must be an integer"),
        ("ArrayGetItem", ([1], False), "The index must be an integer"),
        ("ArrayGetItem", ([1], -1), "Index -1 out of bounds for length 1"),
        ("ArrayLength", ({},), "The argument must be an array"),
        ("ArrayLength", (), "Expected 1 argument but received 0"),
        ("ArrayUnique", (None,), "The argument must be an array"),
        ("ArrayContains", ("abc", "a"), "The argument must be an array"),
    ],
)
def test_an_array_function_refuses(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        FUNCTIONS[name](*arguments)
    assert str(refused.value) == words


def test_a_range_has_at_most_a_thousand_elements() -> None:
    assert len(FUNCTIONS["ArrayRange"](1, 1000, 1)) == 1000
