"""Measures a day's objects: statistics of their columns, and rows that break the contract. Memory is flat in rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from refit.domain.data_contract import Contract
from refit.domain.data_quality import Breach, Rule, shown
from refit.domain.day_statistics import DayStatistics
from refit.domain.formatting import counted
from refit.quality import readers, streams
from refit.quality.columns import ColumnMeasure

Objects = Iterable[tuple[str, BinaryIO]]
"""The objects of a day: names, as breaches have them, and opened streams."""
TYPED = ("parquet", "jsonlines")
"""The formats whose values have types, and whose columns have names."""


def measure_day(objects: Objects, contract: Contract) -> tuple[DayStatistics, tuple[Breach, ...]]:
    """The statistics of the objects' rows, and one breach for each rule of a column that rows break.

    An object that cannot be parsed is a breach too; its rows up to there count. Raises what the streams raise.
    """
    day = _Day(contract)
    for name, stream in objects:
        day.add(name, stream)
    columns = {name: measure.statistics() for name, measure in day.measures.items()}
    return DayStatistics(day.rows, columns), tuple(day.breaches.values())


class _Day:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.rows = 0
        self.measures = {column.name: ColumnMeasure(column) for column in contract.columns}
        self.breaches: dict[tuple[str | None, Rule], Breach] = {}

    def add(self, name: str, stream: BinaryIO) -> None:
        source, rows, done = streams.Source(stream), readers.Rows(), 0
        try:
            for batch in readers.read(source, self.contract, rows):
                self._add_batch(name, batch, rows, done)
                done += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            if source.error is not None:
                raise source.error from None
            said = str(error).partition("\n")[0]
            self._found(Breach(Rule.FORMAT, shown(said), f"cannot be read as {self.contract.format}", object=name))
        if rows.wrong_width:
            expected = f"but the contract has {counted(len(self.contract.columns), 'column')}"
            row = rows.numbers[0] if rows.numbers else None
            breach = Breach(Rule.COLUMNS, rows.first_text, expected, None, name, row, rows.wrong_width)
            self._found(breach)
            self.rows += rows.wrong_width

    def _add_batch(self, name: str, batch: pa.RecordBatch, rows: readers.Rows, done: int) -> None:
        self.rows += batch.num_rows
        if self.contract.format == "parquet" and not done:
            self._compare_names(name, batch.schema.names)
        for column, measure in self.measures.items():
            if column not in batch.schema.names:
                continue  # reported by its name

            def report(rule: Rule, expected: str, mask: pa.Array, cells: pa.Array, column: str = column) -> None:
                count = pc.sum(mask).as_py()
                if count:
                    at = pc.index(mask, True).as_py()
                    value = cells[at].as_py()
                    text = "no value" if value is None else shown(value)
                    row = rows.number(done + at + 1)
                    self._found(Breach(rule, text, expected, column, name, row, count))

            measure.add(batch.column(column), is_text=self.contract.format not in TYPED, report=report)

    def _compare_names(self, name: str, names: list[str]) -> None:
        for column in self.contract.columns:
            if column.name not in names:
                self._found(Breach(Rule.COLUMNS, "missing", "but the contract has it", column.name, name))
        for extra in names:
            if extra not in self.measures:
                self._found(Breach(Rule.COLUMNS, shown(extra), "a column that the contract does not have", None, name))

    def _found(self, breach: Breach) -> None:
        """Keeps the first breach of a rule, and counts the others."""
        key = (breach.column, breach.rule)
        first = self.breaches.get(key)
        self.breaches[key] = breach if first is None else replace(first, count=first.count + breach.count)
