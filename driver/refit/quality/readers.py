"""Reads an object as record batches with pyarrow: CSV, Parquet and JSON lines. Never holds a whole CSV or JSON file.

The cells of CSV stay texts, so that a bad one can be named; the other formats have types of their own.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa
from pyarrow import csv, json
from pyarrow import parquet as pq

from refit.domain.data_contract import Contract
from refit.domain.formatting import counted
from refit.quality import streams

BLOCK_BYTES = 1 << 20
BATCH_ROWS = 1 << 16
JSON_TYPES = {"number": pa.float64(), "integer": pa.float64(), "text": pa.string(), "boolean": pa.bool_()}
"""JSON has one type of number; ColumnMeasure tells integers from others."""
REMEMBERED = 10_000
"""The number of rows of the wrong width that are remembered, to number the rows after them."""


@dataclass
class Rows:
    """What `read` has passed over: rows of CSV with another number of columns, by their numbers."""

    wrong_width: int = 0
    first_text: str = ""
    numbers: list[int] = field(default_factory=list)

    def number(self, at: int) -> int:
        """The number in the file, counting from 1, of the row that is the `at`-th of the readable ones."""
        number = at
        while (after := at + bisect_right(self.numbers, number)) != number:
            number = after
        return number

    def skip(self, row: csv.InvalidRow) -> str:
        """A handler of invalid rows for pyarrow: remembers the row, and has it left out."""
        if not self.wrong_width:
            self.first_text = counted(row.actual_columns, "column")
        self.wrong_width += 1
        if row.number is not None and len(self.numbers) < REMEMBERED:
            insort(self.numbers, row.number)
        return "skip"


def read(source: streams.Source, contract: Contract, rows: Rows, skip_rows: int = 0) -> Iterator[pa.RecordBatch]:
    """The batches of an object in the contract's format, of CSV without the first `skip_rows` rows.

    Raises pyarrow's ArrowInvalid (a ValueError) or OSError if it cannot be parsed, and what the stream raises.
    """
    if contract.format == "parquet":
        return _parquet(source)
    if contract.format == "jsonlines":
        return _json_lines(source, contract)
    return _csv(source, contract, rows, skip_rows)


def _csv(source: streams.Source, contract: Contract, rows: Rows, skip_rows: int) -> Iterator[pa.RecordBatch]:
    if not source.head:
        return
    names = list(contract.names)
    yield from csv.open_csv(
        streams.opened(source),
        # Only a single thread numbers the rows that it leaves out.
        csv.ReadOptions(column_names=names, skip_rows=skip_rows, use_threads=False, block_size=BLOCK_BYTES),
        csv.ParseOptions(invalid_row_handler=rows.skip),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _parquet(source: streams.Source) -> Iterator[pa.RecordBatch]:
    with streams.spooled(source) as copy, pq.ParquetFile(copy) as file:
        yield from file.iter_batches(batch_size=BATCH_ROWS)


def _json_lines(source: streams.Source, contract: Contract) -> Iterator[pa.RecordBatch]:
    if not source.head:
        return
    schema = pa.schema([(column.name, JSON_TYPES[column.type]) for column in contract.columns])
    yield from json.open_json(
        streams.json_lines(source),
        json.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
    )
