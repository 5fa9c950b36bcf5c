"""Infers the types of columns from data, in one pass: the narrowest type that all values of a column have."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json
from pyarrow import parquet as pq

from refit.domain.csv_cells import WHITE, is_header
from refit.domain.data_contract import Column, ColumnType, Contract
from refit.domain.data_quality import Rule
from refit.domain.day_statistics import ColumnStatistics
from refit.quality import readers, streams
from refit.quality.columns import ColumnMeasure
from refit.quality.measure import TYPED

NARROWEST_FIRST: Sequence[ColumnType] = ("integer", "number", "boolean", "text")
FIRST_BYTES = 1 << 20


class Inferred(NamedTuple):
    """A column: its name, the type of its values, and their statistics."""

    name: str
    type: ColumnType
    statistics: ColumnStatistics


class Header(NamedTuple):
    """The columns of an object, whose types are those of the format if it has types; `rows` of CSV have names."""

    columns: tuple[Column, ...]
    rows: int = 0


def header(stream: BinaryIO, format: str) -> Header:
    """The columns of an object. Those of CSV without names are called label, x1, x2, …

    Raises ValueError or OSError if the object cannot be parsed, and what the stream raises.
    """
    source = streams.Source(stream)
    if format == "parquet":
        with streams.spooled(source) as copy, pq.ParquetFile(copy) as file:
            return Header(tuple(map(_column, file.schema_arrow)))
    if format == "jsonlines":
        return Header(tuple(map(_column, json.open_json(streams.json_lines(source)).schema)))
    text = streams.opened(source).read(FIRST_BYTES).decode(errors="replace") if source.head else ""
    cells = [cell.strip(WHITE) for cell in next((row for row in csv.reader(io.StringIO(text)) if row), [])]
    if is_header(cells):
        return Header(tuple(map(Column, cells)), 1)
    return Header(tuple(Column(f"x{at}" if at else "label") for at in range(len(cells))))


def infer(objects: Iterable[tuple[str, BinaryIO]], found: Header, format: str) -> list[Inferred]:
    """The types and statistics of the columns in all objects.

    Raises ValueError or OSError if an object cannot be parsed or a row of CSV has another number of columns.
    """
    contract = Contract(found.columns, format=format)
    candidates = {
        column.name: {kind: ColumnMeasure(Column(column.name, kind, required=False)) for kind in NARROWEST_FIRST}
        for column in found.columns
    }
    for name, stream in objects:
        rows = readers.Rows()
        for batch in readers.read(streams.Source(stream), contract, rows, found.rows):
            for column, measures in candidates.items():
                if column in batch.schema.names:
                    _add(measures, batch.column(column), is_text=format not in TYPED)
        if rows.wrong_width:
            row = rows.numbers[0] if rows.numbers else 1
            raise ValueError(f"row {row:,} of {name} has {rows.first_text}, but the first row has {len(candidates)}")
    return [Inferred(name, *_narrowest(measures)) for name, measures in candidates.items()]


def _add(measures: dict[ColumnType, ColumnMeasure], cells: pa.Array, *, is_text: bool) -> None:
    """Adds cells to the measures of all types, and removes those that a cell does not have."""
    for kind in tuple(measures):
        wrong = False

        def report(rule: Rule, expected: str, mask: pa.Array, cells: pa.Array) -> None:
            nonlocal wrong
            wrong = wrong or (rule is Rule.TYPE and pc.any(mask).as_py())

        measures[kind].add(cells, is_text=is_text, report=report)
        if wrong:
            del measures[kind]


def _narrowest(measures: dict[ColumnType, ColumnMeasure]) -> tuple[ColumnType, ColumnStatistics]:
    for kind in NARROWEST_FIRST:
        if kind in measures:
            found = measures[kind].statistics()
            return kind if found.count else "text", found
    return "text", ColumnStatistics()


def _column(field: pa.Field) -> Column:
    if pa.types.is_boolean(field.type):
        return Column(field.name, "boolean")
    is_text = pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    return Column(field.name, "text" if is_text or pa.types.is_dictionary(field.type) else "number")
