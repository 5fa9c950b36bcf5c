"""The values of hyperparameters: which are accepted, and how an invalid one is repaired."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.algorithms.hyperparameter_values import Number, Values, Words
from refit.domain.algorithms.xgboost_hyperparameters import HYPERPARAMETERS

UNIT = Number(0, 1, "0.5")
SHARE = Number(0, 1, "0.8", above=True)
INSIDE = Number(1, 2, "1.5", above=True, below=True)
COUNT = Number(1, math.inf, "100", integer=True)


@pytest.mark.parametrize(
    ("values", "be"),
    [
        (UNIT, "be a number between 0 and 1"),
        (SHARE, "be a number, above 0 and at most 1"),
        (INSIDE, "be a number, above 1 and below 2"),
        (COUNT, "be a whole number, 1 or more"),
        (Number(0, math.inf, "1", above=True), "be a number, above 0"),
        (Words(("a", "b")), "be one of a, b"),
        (Words(("a", "b"), several=True), "be one or more of a, b, separated by commas"),
    ],
)
def test_what_a_value_must_be_is_a_sentence(values: Values, be: str) -> None:
    assert values.be == be


@pytest.mark.parametrize(
    ("values", "value", "repaired"),
    [
        (UNIT, "2", "1"),
        (UNIT, "-0.1", "0"),
        (UNIT, "half", "0.5"),
        (SHARE, "0", "0.8"),
        (SHARE, "7", "1"),
        (INSIDE, "2", "1.5"),
        (INSIDE, "1", "1.5"),
        (COUNT, "0", "1"),
        (COUNT, "6.5", "6"),
        (COUNT, "1_000", "100"),
        (COUNT, "1e3", "1000"),
        (COUNT, "٣", "100"),
        (Words(("gbtree", "dart")), "GBTREE", "gbtree"),
        (Words(("gbtree", "dart")), "?", "gbtree"),
        (Words(("rmse", "mae"), several=True), "rsme,mea,rmse", "rmse,mae"),
    ],
)
def test_an_invalid_value_is_repaired(values: Values, value: str, repaired: str) -> None:
    assert not values.accepts(value)
    assert values.repaired(value) == repaired


@pytest.mark.parametrize("name", sorted(HYPERPARAMETERS))
@given(value=st.text(max_size=8) | st.floats().map(str) | st.integers().map(str))
def test_what_is_repaired_is_valid(name: str, value: str) -> None:
    values = HYPERPARAMETERS[name]
    if not values.accepts(value):
        assert values.accepts(values.repaired(value))
