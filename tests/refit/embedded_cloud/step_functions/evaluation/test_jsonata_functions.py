"""The functions that Step Functions adds to JSONata. Values: AWS's page, and floci's measurements on AWS."""

from __future__ import annotations

import re
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import JsonataError, evaluate
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("$partition([1, 2, 3, 4], 3)", [[1, 2, 3], [4]]),
        ("$partition([1, 2, 3], 2.9)", [[1, 2], [3]]),
        ("$partition([1, 2])", [[1, 2]]),
        ("$range(1, 9, 2)", [1, 3, 5, 7, 9]),
        ("$range(8, 1, -2)", [8, 6, 4, 2]),
        ("$range(-1.7, 2, 1)", [-1, 0, 1, 2]),
        ("$range(3, 3, 1)", 3),
        ("$range(1, 360145, 1) ~> $count", 360145),
        ("$hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("'a' ~> $hash('MD5')", "0cc175b9c0f1b6a831c399e269772661"),
        ("$random(42)", 0.7275636800328681),
        ("$random(42.9)", 0.7275636800328681),
        ("$parse('{\"a\": [1.0, null]}').a", [1, None]),
        ("$exists($parse('null'))", True),
        ("$map([1, 2], function($v) { $string($v) }) ~> $map($parse)", [1, 2]),
    ],
)
def test_a_function_answers(source: str, value: Any) -> None:
    assert evaluate(source, {}) == value


@pytest.mark.parametrize(
    "source",
    [
        *("$partition([], 2)", "$partition([1, 2], 0)", "$partition([1], -0.5)", "$partition($zz, 1)"),
        *("$range(1, 3)", "$range(1, 3, 0)", "$range(1, 3, -1)", "$range(3, 1, 1)", "$range(0, 4, 0.9)"),
        *("$hash('a')", "$parse($zz)"),
    ],
)
def test_a_function_may_be_undefined(source: str) -> None:
    assert evaluate(source, {}) is ABSENT


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("$range('0', 4, 1)", 'T0410: Argument 1 of function "range" does not match function signature'),
        ("$range(0, 4, 1, 2)", 'T0410: Argument 4 of function "range" does not match function signature'),
        ("$range(1, 3, true)", 'T0410: Argument 3 of function "range" does not match function signature'),
        ("$range(1, null, 1)", 'T0410: Argument 2 of function "range" does not match function signature'),
        ("$range(1, 360146, 1)", "Expression evaluation memory limit exceeded"),
        ("$partition('a', 1)", 'T0412: Argument 1 of function "partition" must be an array of undefined'),
        ("$partition([1], -2)", "D3137: Second argument must be zero or greater"),
        ("$partition([1], 'x')", 'T0410: Argument 2 of function "partition" does not match function signature'),
        ("$hash(1, 'MD5')", 'T0410: Argument 1 of function "hash" does not match function signature'),
        ("$hash('a', 1)", 'T0410: Argument 2 of function "hash" does not match function signature'),
        ("$hash('a', 'md5')", "D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"),
        ("$parse('')", "D3137: Invalid JSON"),
        ("$parse('1 2')", "D3137: Invalid JSON"),
        ("$parse('NaN')", "D3137: Invalid JSON"),
        ('$parse(\'{"a":1,"a":2}\')', "D3137: Invalid JSON"),
        ("$parse(1)", 'T0410: Argument 1 of function "parse" does not match function signature'),
        ("$uuid(1)", 'T0410: Argument 1 of function "uuid" does not match function signature'),
        ("$random('a')", 'T0410: Argument 1 of function "random" does not match function signature'),
    ],
)
def test_a_function_refuses(source: str, words: str) -> None:
    with pytest.raises(JsonataError) as refused:
        evaluate(source, {})
    assert str(refused.value) == words


def test_a_random_number_is_below_one() -> None:
    assert all(0 <= evaluate("$random()", {}) < 1 for _ in range(20))


def test_a_uuid_is_new_each_time() -> None:
    first, second = evaluate("[$uuid(), $uuid()]", {})
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
