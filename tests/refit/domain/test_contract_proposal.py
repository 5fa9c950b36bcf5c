"""A proposed contract has room around the data, and numbers that a person would write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.contract_proposal import bounds, proposed
from refit.domain.data_contract import Column
from refit.domain.day_statistics import ColumnStatistics
from tests.refit.domain.test_day_statistics import numbers, texts


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (5, 50, (0, 55)),
        (0.00632, 88.9762, (0, 100)),
        (0.385, 0.871, (0.3, 0.95)),
        (187, 711, (100, 800)),
        (-30, -2, (-35, 0)),
        (-0.5, 0.5, (-1, 1)),
        (1_700_000_000, 1_700_086_400, (1_699_990_000, 1_700_100_000)),
        (0.1, 0.3, (0.05, 0.35)),
        (3, 3, (None, None)),
    ],
)
def test_a_range_has_room_and_round_ends(lowest: float, highest: float, expected: tuple[float, float]) -> None:
    assert bounds(lowest, highest) == expected


def test_the_ends_of_integers_are_integers() -> None:
    assert bounds(2, 4) == (1.5, 4.5)
    assert bounds(2, 4, whole=True) == (1, 5)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_the_data_is_in_its_range(one: float, other: float) -> None:
    lowest, highest = bounds(min(one, other), max(one, other))
    assert lowest is None or lowest <= min(one, other)
    assert highest is None or highest >= max(one, other)
    assert min(one, other) < 0 or lowest is None or lowest >= 0


def test_missing_values_are_allowed_with_some_room() -> None:
    assert proposed("x", "number", numbers([0.0, 9.0] * 494, 12)) == Column("x", "number", False, 0, 10, (), 0.02)
    assert proposed("x", "number", numbers([0.0], 9)).max_nulls == 1
    assert proposed("x", "number", ColumnStatistics(0, 5)).required is False


def test_few_values_that_were_seen_often_are_the_allowed_ones() -> None:
    assert proposed("x", "text", texts({"b": 30, "a": 1})).allowed == ("a", "b")
    assert proposed("x", "text", texts({"b": 10, "a": 1})).allowed == ()
    assert proposed("x", "text", texts({"a": 100})).allowed == ()
    assert proposed("x", "text", texts(None, 100)).allowed == ()
    flags = proposed("x", "integer", numbers([0.0, 1.0] * 10))
    assert (flags.allowed, flags.min, flags.max) == (("0", "1"), None, None)
    assert proposed("x", "integer", numbers([1.0, 2.0, 3.0] * 10)).allowed == ()
    assert proposed("x", "number", numbers([0.0, 1.0] * 10)).allowed == ()
