"""A contract travels as JSON, and nothing of it is lost."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.domain.data_contract import COLUMN_TYPES, Column, Contract

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)
columns = st.builds(
    Column,
    name=st.text(min_size=1),
    type=st.sampled_from(COLUMN_TYPES),
    required=st.booleans(),
    min=numbers,
    max=numbers,
    allowed=st.lists(st.text(), max_size=3).map(tuple),
    max_nulls=st.none() | st.floats(0, 1),
)
contracts = st.builds(
    Contract,
    columns=st.lists(columns, max_size=4).map(tuple),
    min_rows=st.none() | st.integers(1, 10**9),
    max_row_change=st.none() | st.floats(0, 10),
    on_bad_day=st.sampled_from(["fail", "skip"]),
    max_psi=st.none() | st.floats(0, 10),
    format=st.sampled_from(["csv", "csv.gz", "parquet", "jsonlines"]),
)


@given(contracts)
def test_the_document_of_a_contract_is_json_and_has_all_of_it(contract: Contract) -> None:
    assert Contract.from_document(json.loads(json.dumps(contract.to_document(), allow_nan=False))) == contract


def test_the_document_leaves_out_what_a_column_has_by_default() -> None:
    document = Contract((Column("medv"), Column("rad", "integer", required=False, allowed=("1", "2")))).to_document()
    assert document["columns"] == [
        {"name": "medv", "type": "number"},
        {"name": "rad", "type": "integer", "required": False, "allowed": ["1", "2"]},
    ]


def test_a_document_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(TypeError, match="maximum"):
        Contract.from_document({"columns": [{"name": "medv", "maximum": 3}]})
