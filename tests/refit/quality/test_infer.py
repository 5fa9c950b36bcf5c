"""Infers the types of columns with the real pyarrow: the narrowest type that all values have."""

from __future__ import annotations

import gzip
import io

import pyarrow as pa
import pytest
from pyarrow import parquet

from refit.quality.infer import Header, header, infer

CSV = b"price,rooms,street,sold,note\n1.5,3,paved,true,\n2,4,gravel,false,7\n"


def types(content: bytes, format: str = "csv", *more: bytes) -> list[tuple[str, str]]:
    found = header(io.BytesIO(content), format)
    objects = [(f"part-{at}", io.BytesIO(part)) for at, part in enumerate((content, *more))]
    return [(column.name, column.type) for column in infer(objects, found, format)]


def test_the_names_and_types_of_csv_with_a_header() -> None:
    expected = [("price", "number"), ("rooms", "integer"), ("street", "text"), ("sold", "boolean"), ("note", "integer")]
    assert types(CSV) == expected
    assert types(gzip.compress(CSV)) == expected


def test_columns_without_names_are_numbered() -> None:
    assert types(b"1.5,2,3\n") == [("label", "number"), ("x1", "integer"), ("x2", "integer")]


def test_one_value_decides_against_a_type() -> None:
    rows = b"1,1\n" * 200_000
    assert types(rows + b"1,x\n" + b"1,1\n") == [("label", "integer"), ("x1", "text")]
    assert types(rows, "csv", b"1,0.5\n") == [("label", "integer"), ("x1", "number")]


def test_the_statistics_leave_the_header_out() -> None:
    price, *_, note = infer([("a", io.BytesIO(CSV))], header(io.BytesIO(CSV), "csv"), "csv")
    assert (price.statistics.count, price.statistics.min, price.statistics.max) == (2, 1.5, 2)
    assert (note.statistics.count, note.statistics.nulls) == (1, 1)


def test_a_row_with_another_number_of_columns_is_named() -> None:
    with pytest.raises(ValueError, match="row 3 of part-0 has 1 column, but the first row has 5"):
        types(CSV.replace(b"2,4,gravel,false,7", b"2"))


def test_parquet_and_json_lines_have_names_and_types() -> None:
    file = io.BytesIO()
    table = pa.table({"y": [1.5, 2.0], "n": [1, 2], "t": ["1", "2"], "b": [True, None], "d": pa.array(["x", "x"])})
    parquet.write_table(table, file)
    expected = [("y", "number"), ("n", "integer"), ("t", "text"), ("b", "boolean"), ("d", "text")]
    assert types(file.getvalue(), "parquet") == expected
    lines = b'{"y": 1.5, "n": 1, "t": "1", "b": true, "d": "x"}\n{"y": 2, "n": 2, "t": null, "d": "x"}\n'
    assert types(lines, "jsonlines") == expected


def test_an_empty_object_has_no_columns() -> None:
    assert header(io.BytesIO(b""), "csv") == Header(())
