"""JSON in and out of JSONata."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.evaluation.jsonata_values import from_json, to_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
)


@given(value=JSON)
def test_json_goes_in_and_comes_out(value: Any) -> None:
    assert to_json(from_json(value)) == value


@pytest.mark.parametrize(
    ("number", "written"),
    [(math.inf, "Infinity"), (-math.inf, "-Infinity"), (math.nan, "NaN"), (2**63, 2.0**63), (1e300, 1e300), (2.0, 2)],
)
def test_numbers_are_written_as_on_aws(number: Any, written: Any) -> None:
    """Measured on AWS by floci: JSON has no infinity, so it is text."""
    assert repr(to_json(number)) == repr(written)
