"""Arrow reads a block of CSV as the exact reader does, bit for bit, or leaves it to the exact reader."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from refit.domain import csv_lines
from refit.domain.csv_lines import Fault
from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner import arrow_csv, rows

ODD = (
    *("", "-", "+", ".", "-.", "e5", "1e", "1e+", "1.e5", ".5", "5.", "+1", "--1", "1-", "1 2", "-0", "-0.0", "1_0"),
    *("nan", "NaN", "inf", "-Infinity", "null", "NULL", "NA", "true", "0x10", '"1"', "'1'", "１", "1\u00a0", "\ufeff1"),
    *("1e999", "-1e999", "1e-999", "5e-324", "2.2250738585072011e-308", "1.7976931348623159e308", "9" * 400),
    *("9007199254740993", "0.1", "123456789012345678901234567890e-10", "00.5", "1d5", "1,", "1\r", "1\x00"),
)
# What people write, and mistakes; white space that counts for nothing, and some that only looks like it.
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.decimals(
    allow_nan=False, allow_infinity=False, places=4
).map(str)
TEXT = st.text("0123456789eE+-. \t", max_size=24)
PADDED = st.tuples(st.sampled_from(["", " ", "\t "]), NUMBERS | TEXT | st.sampled_from(ODD), st.sampled_from(["", " "]))
LINE = st.lists(PADDED.map("".join), min_size=1, max_size=3).map(",".join)
PLAIN_LINE = st.tuples(NUMBERS, NUMBERS).map(",".join)
END = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n", "\n \n", "\r\r\n", "\x0b\n"])
FILE = st.lists(st.tuples(PLAIN_LINE | LINE, END).map("".join), max_size=5).map("".join).map(str.encode)


def exactly(body: bytes, columns: int) -> list[list[float]] | None:
    """The rows by the definition that all readers share; None if there are none, or if a line is not a row."""
    lines = [csv_lines.row(line, columns) for line in body.split(b"\n") if not csv_lines.is_blank(line)]
    read = [[*map(float, line)] for line in lines if not isinstance(line, Fault)]
    return read if read and len(read) == len(lines) else None


def bits(rows: list[list[float]]) -> list[bytes]:
    """The numbers as bytes: -0.0 is not 0.0."""
    return [struct.pack(f"{len(row)}d", *row) for row in rows]


@settings(deadline=None, max_examples=400)
@given(FILE | st.binary(max_size=40) | st.text("12,.e- \n\r", max_size=30).map(str.encode))
@example(b"1,2\r3,4\n")
@example(b"\n1,2\n")
@example(b"1,2\n\n")
@example(b"1,2\n  \n")
@example(b"1,2")
@example(b"-0,1e-999\n")
@example(b"\xef\xbb\xbf1,2\n")
def test_arrow_reads_the_same_numbers_or_nothing(body: bytes) -> None:
    found = arrow_csv.parse(body, 2)
    if found is not None and len(found):
        expected = exactly(body, 2)
        assert expected is not None
        assert bits(found.tolist()) == bits(expected)
        assert len(found) == len(body.removesuffix(b"\n").split(b"\n"))  # so that line numbers can be counted


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILE, st.sampled_from([1, 7, 1 << 20]))
def test_training_accepts_and_refuses_the_same_with_and_without_arrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes, block: int
) -> None:
    (path := tmp_path / "day.csv").write_bytes(body)

    def read(arrow_bytes: int) -> tuple[list[bytes], list[int]] | str:
        monkeypatch.setattr(rows, "ARROW_BYTES", arrow_bytes)
        monkeypatch.setattr(rows, "BATCH_BYTES", block)
        try:
            batches = list(rows.read([Source("s3://bucket/day.csv", path)], 1))
        except CustomerError as error:
            return str(error)
        table = np.vstack([batch.table for batch in batches])
        return bits(table.tolist()), [number for batch in batches for number in batch.numbers]

    assert read(0) == read(1 << 30)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_plain_numbers_are_left_to_no_one(lines: list[tuple[str, str]]) -> None:
    body = "".join(f"{label},{feature}\n" for label, feature in lines)
    found = arrow_csv.parse(body.encode(), 2)
    assert found is not None
    assert bits(found.tolist()) == bits([[*map(float, line)] for line in lines])


def test_blocks_of_windows_lines_are_read() -> None:
    found = arrow_csv.parse(b"1,2\r\n3.5, -4\r\n", 2)
    assert found is not None
    assert found.tolist() == [[1, 2], [3.5, -4]]
