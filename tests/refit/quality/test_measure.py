"""Measures objects of every format with the real pyarrow: statistics, and the rows that break the contract."""

from __future__ import annotations

import gzip
import io
import statistics
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from refit.domain.data_contract import Column, Contract
from refit.domain.data_quality import Breach, Rule
from refit.domain.day_statistics import DayStatistics
from refit.domain.histogram import Histogram
from refit.quality.measure import measure_day

PRICES = Contract(
    (
        Column("medv", min=0, max=60),
        Column("rad", "integer", required=False),
        Column("street", "text", allowed=("paved", "gravel")),
        Column("chas", "boolean"),
    )
)


class OneWay(io.RawIOBase):
    """A stream that gives few bytes at a time and cannot seek, such as the body of an answer of S3."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size if size < 0 else min(size, 1_000))


def measured(content: bytes, contract: Contract = PRICES) -> tuple[DayStatistics, list[str]]:
    found, breaches = measure_day([("day.csv", OneWay(content))], contract)
    return found, [str(breach) for breach in breaches]


def test_the_columns_of_csv_are_measured() -> None:
    found, breaches = measured(b'24,1,paved,1\n 6.5 ,,"gravel",false\n\n5e1,3,paved,TRUE\n')
    assert breaches == []
    assert found.rows == 3
    medv, rad = found.columns["medv"], found.columns["rad"]
    assert (medv.count, medv.nulls, medv.min, medv.max, medv.mean) == (3, 0, 6.5, 50, pytest.approx(80.5 / 3))
    assert medv.histogram == Histogram.of([24, 6.5, 50])
    assert (rad.count, rad.nulls) == (2, 1)
    assert found.columns["street"].values == {"paved": 2, "gravel": 1}
    assert found.columns["chas"].values == {"true": 2, "false": 1}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (b"abc,1,paved,1", "medv: abc, not a finite number (row 2 of day.csv)"),
        (b"nan,1,paved,1", "medv: nan, not a finite number (row 2 of day.csv)"),
        (b"1e999,1,paved,1", "medv: 1e999, not a finite number (row 2 of day.csv)"),
        (b"1_0,1,paved,1", "medv: 1_0, not a finite number (row 2 of day.csv)"),
        (b" ,1,paved,1", "medv: no value, but required (row 2 of day.csv)"),
        (b"-1,1,paved,1", "medv: -1, below min = 0 (row 2 of day.csv)"),
        (b"60.5,1,paved,1", "medv: 60.5, above max = 60 (row 2 of day.csv)"),
        (b"1,1.5,paved,1", "rad: 1.5, not an integer (row 2 of day.csv)"),
        (b"1,1,mud,1", "street: mud, not one of the allowed paved, gravel (row 2 of day.csv)"),
        (b"1,1,paved,yes", "chas: yes, not true or false (row 2 of day.csv)"),
        (b"1,1,paved", "3 columns, but the contract has 4 columns (row 2 of day.csv)"),
        (b"1,1,paved,1,9", "5 columns, but the contract has 4 columns (row 2 of day.csv)"),
    ],
)
def test_a_bad_row_of_csv_is_named(row: bytes, message: str) -> None:
    found, breaches = measured(b"1,1,paved,1\n" + row + b"\n60,1,paved,0\n")
    assert breaches == [message]
    assert found.rows == 3


def test_rows_are_numbered_although_rows_of_the_wrong_width_are_left_out() -> None:
    wrong = b"1\n" * 40
    content = b"1,1,paved,1\n" + wrong + b"0,1,paved,1\n\n" + wrong + b"-5,1,paved,1\n"
    assert measured(content)[1] == [
        "medv: -5, below min = 0 (row 83 of day.csv)",
        "1 column, but the contract has 4 columns (80 rows, first row 2 of day.csv)",
    ]


def test_rows_are_numbered_through_the_blocks_of_a_large_object() -> None:
    # Longer than a block of the reader, with bad rows in several.
    lines = [b"%d,1,paved,1" % (at % 60) for at in range(200_000)]
    for at in (99_999, 150_000):
        lines[at] = b"61,1,paved,1"
    found, breaches = measured(b"\n".join(lines))
    assert breaches == ["medv: 61, above max = 60 (2 rows, first row 100,000 of day.csv)"]
    assert found.rows == 200_000
    assert found.columns["medv"].histogram.total == 200_000


def test_the_first_object_with_a_breach_is_named() -> None:
    objects = [("a", io.BytesIO(b"1,1,paved,1\n")), ("b", io.BytesIO(b"61,1,paved,1\n" * 2)), ("c", io.BytesIO(b""))]
    found, breaches = measure_day([*objects, ("d", io.BytesIO(b"62,1,paved,1\n"))], PRICES)
    assert breaches == (Breach(Rule.MAX, "61", "above max = 60", "medv", "b", 1, 3),)
    assert found.rows == 4


def test_gzip_is_recognized() -> None:
    found, breaches = measured(gzip.compress(b"1,1,paved,1\n" * 5_000))
    assert (found.rows, breaches) == (5_000, [])


def as_parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file, row_group_size=2)
    return file.getvalue()


def test_parquet_has_its_own_types_and_names() -> None:
    contract = replace(PRICES, format="parquet")
    table = {"chas": [True, None, False], "street": ["paved", "mud", "paved"], "medv": [1, 61, 2], "zn": [1, 2, 3]}
    found, breaches = measured(as_parquet(pa.table(table)), contract)
    assert sorted(breaches) == [
        "chas: no value, but required (row 2 of day.csv)",
        "medv: 61, above max = 60 (row 2 of day.csv)",
        "rad: missing, but the contract has it (day.csv)",
        "street: mud, not one of the allowed paved, gravel (row 2 of day.csv)",
        "zn, a column that the contract does not have (day.csv)",
    ]
    assert found.columns["medv"].mean == pytest.approx(64 / 3)


def test_texts_in_a_column_of_numbers_of_parquet_are_of_the_wrong_type() -> None:
    contract = Contract((Column("x"), Column("kind", "text")), format="parquet")
    table = pa.table({"x": ["1", "2"], "kind": pa.array(["a", "b"]).dictionary_encode()})
    assert measured(as_parquet(table), contract)[1] == ["x: 1, not a finite number (2 rows, first row 1 of day.csv)"]
    assert measured(as_parquet(table), contract)[0].columns["kind"].values == {"a": 1, "b": 1}


def test_json_lines_are_read_by_the_names_of_columns() -> None:
    contract = replace(PRICES, format="jsonlines")
    lines = b'{"medv": 1, "street": "paved", "chas": true, "more": []}\n{"medv": 61.5, "rad": 2, "street": "paved"}\n'
    found, breaches = measured(lines, contract)
    assert sorted(breaches) == [
        "chas: no value, but required (row 2 of day.csv)",
        "medv: 61.5, above max = 60 (row 2 of day.csv)",
    ]
    assert (found.columns["rad"].count, found.columns["rad"].nulls) == (1, 1)


# pyarrow decodes a row of the wrong width as UTF-8 before it calls the handler, and prints that it cannot.
ROW = b'{"medv": 1, "street": "paved", "chas": true}\n'


@pytest.mark.parametrize(
    "lines", [b"null", b" null\n" + ROW, ROW + b"\r\n null", ROW * 400_000 + b"null\n" + ROW, b"\xef\xbb\xbfnull"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_line_of_json_that_is_null_is_a_breach_and_does_not_end_the_process(lines: bytes, packed: bool) -> None:
    content = gzip.compress(lines, 1, mtime=0) if packed else lines
    _, breaches = measured(content, replace(PRICES, format="jsonlines"))
    assert "a line is null, not an object" in breaches[0]


def test_a_text_with_a_line_end_and_null_is_no_line() -> None:
    row = ROW.replace(b'"paved"', b'"\\nnull"')
    assert measured(row * 3, replace(PRICES, format="jsonlines"))[0].rows == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("format", ["csv", "parquet", "jsonlines"])
def test_an_object_of_another_format_is_a_breach(format: str) -> None:
    found, breaches = measured(b"\x00\xff{ this is nothing,\n\xff,1,1,1\n", replace(PRICES, format=format))
    assert len(breaches) >= 1
    assert "day.csv" in breaches[-1]
    assert found.columns["medv"].count == 0


def test_a_gzip_that_is_cut_off_is_a_breach() -> None:
    _, breaches = measured(gzip.compress(b"1,1,paved,1\n" * 100)[:-12])
    assert any("cannot be read as csv" in breach for breach in breaches)


def test_an_empty_object_has_no_rows() -> None:
    for format in ("csv", "jsonlines"):
        assert measured(b"", replace(PRICES, format=format)) == (measure_day([], PRICES)[0], [])


class Broken(OneWay):
    def read(self, size: int = -1) -> bytes:
        if self._inner.tell() > 5_000:
            raise ConnectionResetError("reset by peer")
        return super().read(size)


@pytest.mark.parametrize("content", [b"1,1,paved,1\n" * 1_000, gzip.compress(bytes(range(256)) * 200, 0, mtime=0)])
def test_a_network_that_fails_is_not_a_fault_of_the_data(content: bytes) -> None:
    with pytest.raises(ConnectionResetError):
        measure_day([("a", Broken(content))], PRICES)


cells = st.floats(0, 60) | st.integers(0, 60)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=300))
def test_the_statistics_are_those_of_the_values(rows: list[list[float]]) -> None:
    contract = Contract((Column("x", min=0, max=60), Column("y")))
    content = "".join(f"{x!r},{y!r}\n" for x, y in rows).encode()
    found, breaches = measured(content, contract)
    assert breaches == []
    for name, values in zip("xy", zip(*rows, strict=True), strict=True):
        column = found.columns[name]
        assert (column.count, column.min, column.max) == (len(values), min(values), max(values))
        assert column.mean == pytest.approx(statistics.fmean(values))
        assert column.histogram == Histogram.of(values)


def test_the_size_of_the_statistics_does_not_grow_with_the_rows() -> None:
    def rows() -> Iterator[tuple[str, io.BytesIO]]:
        for part in range(20):
            content = "".join(f"{part + at / 7!r},text {at * part}\n" for at in range(2_000))
            yield f"part-{part}", io.BytesIO(content.encode())

    found, _ = measure_day(rows(), Contract((Column("x"), Column("kind", "text"))))
    assert len(found.columns["x"].histogram.counts) <= 128
    assert found.columns["kind"].values is None
    assert len(str(found.to_document())) < 6_000
