"""The population stability index and the share of values outside the champion's range."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.data_drift import Drift, drift, psi, share_outside
from refit.domain.day_statistics import ColumnStatistics, DayStatistics
from tests.refit.domain.test_day_statistics import numbers, texts

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300)


def normal(mean: float, count: int = 2_000, seed: int = 0) -> ColumnStatistics:
    chance = random.Random(seed)  # noqa: S311 - reproducible numbers, not a secret
    return numbers([chance.gauss(mean, 1) for _ in range(count)])


@given(values, values)
def test_the_index_is_symmetric_in_sign_and_never_negative(before: list[float], after: list[float]) -> None:
    index = psi(numbers(before), numbers(after))
    assert index is not None
    assert index >= 0
    assert psi(numbers(before), numbers(before)) == pytest.approx(0)


@given(values, values)
def test_the_share_outside_is_that_of_the_values_to_one_bin(before: list[float], after: list[float]) -> None:
    share = share_outside(numbers(before), numbers(after))
    outside = sum(not min(before) <= value <= max(before) for value in after) / len(after)
    assert share is not None
    assert (share == 0) == (outside == 0)
    if len(set(after)) <= 128:  # each value has its bin
        assert share == pytest.approx(outside)


def test_the_index_tells_a_shift_from_chance() -> None:
    same, moved = psi(normal(0), normal(0, seed=1)), psi(normal(0), normal(1, seed=1))
    assert same is not None
    assert moved is not None
    assert same < 0.1 < 0.25 < moved
    # Ten groups of a normal distribution and the same one moved by its deviation: Σ (b - a) ln(b / a) ≈ 1.
    assert 0.7 < moved < 1.1


def test_few_rows_do_not_look_like_a_shift() -> None:
    before = normal(0)
    indices = [psi(before, normal(0, count=50, seed=seed)) for seed in range(1, 60)]
    assert all(index is not None and index < 0.25 for index in indices)


def test_texts_are_compared_by_their_shares() -> None:
    before = texts({"a": 60, "b": 40})
    assert psi(before, texts({"a": 6, "b": 4})) == pytest.approx(0)
    assert psi(before, texts({"a": 40, "b": 60})) == pytest.approx(2 * 0.2 * math.log(1.5))
    assert share_outside(before, texts({"a": 3, "c": 1})) == 0.25
    assert psi(before, texts({"c": 10})) is not None
    assert psi(before, texts(None, 10)) is None
    assert share_outside(before, texts(None, 10)) is None


def test_columns_without_values_or_of_another_type_are_not_compared() -> None:
    assert psi(numbers([]), numbers([1.0])) is None
    assert psi(numbers([1.0]), numbers([])) is None
    assert psi(numbers([1.0]), texts({"a": 1})) is None
    assert share_outside(texts({"a": 1}), numbers([1.0])) in (None, 0)


def test_every_column_that_both_have_is_measured() -> None:
    before = DayStatistics(2, {"x": numbers([1.0, 2.0]), "old": numbers([1.0])})
    now = DayStatistics(2, {"x": numbers([1.0, 3.0]), "new": numbers([1.0])})
    moved = drift(before, now)
    assert moved.keys() == {"x"}
    assert moved["x"] == Drift(psi(before.columns["x"], now.columns["x"]), 0.5)
