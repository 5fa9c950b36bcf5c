"""Histograms of bounded size: independent of the order of numbers, and added up without a loss."""

from __future__ import annotations

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from refit.domain.histogram import BINS, Histogram, place, value_at

numbers = st.floats(allow_nan=False, allow_infinity=False)
many = st.lists(numbers, max_size=400)


@given(numbers, numbers)
def test_places_sort_like_the_numbers(one: float, other: float) -> None:
    assert (place(one) < place(other)) == (one < other)
    assert value_at(place(one)) == one


@given(many, many)
def test_the_sum_of_two_histograms_is_the_histogram_of_all_numbers(some: list[float], more: list[float]) -> None:
    whole = Histogram.of([*some, *more])
    assert Histogram.of(some).plus(Histogram.of(more)) == whole == Histogram.of([*more[::-1], *some[::-1]])
    assert whole.total == len(some) + len(more)


@given(many)
def test_a_histogram_has_a_bounded_number_of_bins_and_survives_json(values: list[float]) -> None:
    histogram = Histogram.of(values)
    assert len(histogram.counts) <= BINS
    assert Histogram.from_document(json.loads(json.dumps(histogram.to_document()))) == histogram


def test_few_values_have_bins_of_their_own() -> None:
    histogram = Histogram.of([3.0, 3.0, -1.5, 0.0, -0.0])
    assert histogram.shift == 0
    assert {value_at(at): count for at, count in histogram.counts.items()} == {3.0: 2, -1.5: 1, 0.0: 2}


def test_an_outlier_does_not_widen_the_bins_of_the_others() -> None:
    values = [1_000 + at / 100 for at in range(1_000)]
    alone, with_outlier = Histogram.of(values), Histogram.of([*values, 1e300])
    assert with_outlier.shift - alone.shift <= 1
    assert len(with_outlier.counts) > BINS / 2
    assert math.isclose(sum(with_outlier.counts.values()), 1_001)
