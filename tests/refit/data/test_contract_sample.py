"""Samples of data objects are judged by the contract, as far as they reach."""

from __future__ import annotations

import gzip
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.data.contract_sample import fault
from refit.domain.data_contract import Column, Contract
from refit.errors import NotInstalled

CONTRACT = Contract((Column("y", min=0), Column("street", "text")))
ROWS = b"1,Elm\n2,Oak\n"


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (ROWS, None),
        (ROWS + b"-1,Oak", "row 3: y: -1, below min = 0"),
        (ROWS + b"-1,Oak\nx,Oak\n", "row 3: y: -1, below min = 0"),
        (ROWS + b"1\n", "row 3: 1 column, but the contract has 2 columns"),
        (b"", "it has no rows"),
        (gzip.compress(ROWS, mtime=0), None),
        (gzip.compress(ROWS + b"x,Oak", mtime=0), "row 3: y: x, not a finite number"),
        (
            b"\x1f\x8bnothing",
            "it cannot be decompressed: Error -3 while decompressing data: unknown compression method",
        ),
    ],
)
def test_the_first_breach_of_a_whole_object(sample: bytes, expected: str | None) -> None:
    assert fault(sample, CONTRACT, whole=True) == expected


def test_what_the_end_of_a_sample_cuts_off_is_not_judged() -> None:
    assert fault(ROWS + b"-1", CONTRACT, whole=False) is None
    assert fault(ROWS + b"-1,Oak\n3", CONTRACT, whole=False) == "row 3: y: -1, below min = 0"
    packed = gzip.compress(ROWS + b"3,Fir\n" * 10_000 + b"-1,Oak\n")
    assert fault(packed[:60], CONTRACT, whole=False) is None
    lines = b'{"y": 1, "street": "Elm"}\n{"y": -1, "str'
    assert fault(lines, replace(CONTRACT, format="jsonlines"), whole=False) is None


def test_parquet_is_recognized_by_its_first_bytes() -> None:
    contract = replace(CONTRACT, format="parquet")
    assert fault(b"PAR1\x00\x01", contract, whole=False) is None
    assert fault(ROWS, contract, whole=True) == "it is not a Parquet file"


@given(st.binary(max_size=60), st.booleans())
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_bytes_break_the_check(sample: bytes, whole: bool) -> None:
    for format in ("csv", "jsonlines"):
        assert fault(sample, replace(CONTRACT, format=format), whole=whole) != ""


def test_without_pyarrow_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotInstalled, match="pyarrow"):
        fault(ROWS, CONTRACT, whole=True)
