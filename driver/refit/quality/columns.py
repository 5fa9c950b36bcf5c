"""Measures one column of record batches: its statistics, and the values that break the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from refit.domain.csv_cells import NUMBER, WHITE
from refit.domain.data_contract import BOOLEANS, NUMBERS, Column
from refit.domain.data_quality import Rule
from refit.domain.day_statistics import LONGEST_VALUE, MAX_VALUES, ColumnStatistics, bounded_values
from refit.domain.histogram import BINS, Histogram

Report = Callable[[Rule, str, pa.Array, pa.Array], None]
"""Takes a rule, what it expects, the mask of the rows that break it, and the values."""
_NUMBER = rf"^(?:{NUMBER.pattern})$"
_LOWEST = pa.scalar(-(1 << 63), pa.int64())


class ColumnMeasure:
    """The statistics of one column, batch by batch."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self._count = self._nulls = 0
        self._min: float | None = None
        self._max: float | None = None
        self._sum = 0.0
        self._histogram = Histogram()
        self._values: dict[str, int] | None = {}

    def add(self, cells: pa.Array, *, is_text: bool, report: Report) -> None:
        """Adds the cells of a batch, texts of CSV (`is_text`) or typed values, and reports those that break a rule."""
        if isinstance(cells, pa.DictionaryArray):
            cells = cells.dictionary_decode()
        if is_text:
            cells = _trimmed(cells)
        self._nulls += cells.null_count
        if self.column.required and cells.null_count:
            report(Rule.REQUIRED, "but required", pc.is_null(cells), cells)
        values, bad = (_numbers if self.column.type in NUMBERS else _others)(cells, self.column, is_text)
        if pc.any(bad).as_py():
            report(Rule.TYPE, f"not {_NAMES[self.column.type]}", bad, cells)
        self._count += len(values) - values.null_count
        if self.column.type in NUMBERS:
            self._add_numbers(values, cells, report)
        else:
            self._add_texts(values, cells, report)

    def statistics(self) -> ColumnStatistics:
        """The statistics of all batches."""
        total = self._histogram.total
        mean = self._sum / total if total else None
        values = bounded_values(self._values)
        return ColumnStatistics(self._count, self._nulls, self._min, self._max, mean, self._histogram, values)

    def _add_numbers(self, values: pa.Array, cells: pa.Array, report: Report) -> None:
        column = self.column
        for rule, limit, breaks in ((Rule.MIN, column.min, pc.less), (Rule.MAX, column.max, pc.greater)):
            if limit is not None:
                side = "below" if rule is Rule.MIN else "above"
                report(rule, f"{side} {rule} = {limit:.15g}", breaks(values, pa.scalar(limit, pa.float64())), cells)
        if column.allowed:
            allowed = pa.array([float(value) for value in column.allowed], pa.float64())
            report(Rule.ALLOWED, _allowed(column), _not_in(values, allowed), cells)
        values = values.drop_null()
        if not len(values):
            return
        ends = pc.min_max(values)
        low, high = ends["min"].as_py() + 0.0, ends["max"].as_py() + 0.0  # + 0.0: no minus zero
        self._min = low if self._min is None else min(self._min, low)
        self._max = high if self._max is None else max(self._max, high)
        self._sum += pc.sum(values).as_py()
        self._histogram = self._histogram.plus(_histogram(values, self._histogram.shift))

    def _add_texts(self, values: pa.Array, cells: pa.Array, report: Report) -> None:
        if self.column.allowed:
            report(Rule.ALLOWED, _allowed(self.column), _not_in(values, pa.array(self.column.allowed)), cells)
        if self._values is None:
            return
        found = Counter(self._values)
        counts = pc.value_counts(values.drop_null())
        if len(counts) > MAX_VALUES or (pc.max(pc.utf8_length(values)).as_py() or 0) > LONGEST_VALUE:
            self._values = None
            return
        found.update({pair["values"].as_py(): pair["counts"].as_py() for pair in counts})
        self._values = dict(found) if len(found) <= MAX_VALUES else None


_NAMES = {
    "number": "a finite number",
    "integer": "an integer",
    "text": "text",
    "boolean": "true or false",
}


def _trimmed(cells: pa.Array) -> pa.Array:
    """The cells of CSV without the white space around them; what is then empty is null, as is what was empty."""
    trimmed = pc.utf8_trim(cells, characters=WHITE)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _numbers(cells: pa.Array, column: Column, is_text: bool) -> tuple[pa.Array, pa.Array]:
    """The numbers of the cells, null where there is none, and the mask of the cells that should have one."""
    if is_text:
        values = _parsed(cells)
    elif pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_decimal(cells.type):
        values = cells.cast(pa.float64(), safe=False)
    else:
        values = pa.nulls(len(cells), pa.float64())
    is_good = pc.is_finite(values)
    if column.type == "integer":
        is_good = pc.and_(is_good, pc.equal(pc.floor(values), values))
    is_good = pc.fill_null(is_good, False)
    values = pc.if_else(is_good, values, pa.scalar(None, pa.float64()))
    return values, pc.and_not(pc.is_valid(cells), is_good)


def _parsed(cells: pa.Array) -> pa.Array:
    try:
        return cells.cast(pa.float64())
    except pa.ArrowInvalid:
        is_number = pc.match_substring_regex(cells, _NUMBER)
        return pc.if_else(is_number, cells, pa.scalar(None, pa.string())).cast(pa.float64())


def _others(cells: pa.Array, column: Column, is_text: bool) -> tuple[pa.Array, pa.Array]:
    """The texts of the cells, null where there is none, and the mask of the cells of another type."""
    none = pa.scalar(None, pa.string())
    if column.type == "boolean":
        if is_text:
            lower = pc.utf8_lower(cells)
            is_good = pc.fill_null(pc.is_in(lower, pa.array(BOOLEANS)), False)
            truth = pc.if_else(pc.is_in(lower, pa.array(("true", "1"))), "true", "false")
            return pc.if_else(is_good, truth, none), pc.and_not(pc.is_valid(cells), is_good)
        is_right = pa.types.is_boolean(cells.type)
    else:
        is_right = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    if not is_right:
        return pa.nulls(len(cells), pa.string()), pc.is_valid(cells)
    return cells.cast(pa.string()), pa.repeat(pa.scalar(False), len(cells))


def _histogram(values: pa.Array, shift: int) -> Histogram:
    """The histogram of numbers, in bins not narrower than those of `shift` (refit.domain.histogram)."""
    bits = values.view(pa.int64())
    places = pc.if_else(pc.less(bits, 0), pc.subtract(_LOWEST, bits), bits)
    bins = pc.shift_right(places, shift)
    while pc.count_distinct(bins).as_py() > 2 * BINS:
        bins, shift = pc.shift_right(bins, 1), shift + 1
    counts = {pair["values"].as_py(): pair["counts"].as_py() for pair in pc.value_counts(bins)}
    return Histogram(shift, counts).bounded()


def _not_in(values: pa.Array, allowed: pa.Array) -> pa.Array:
    return pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, allowed)))


def _allowed(column: Column) -> str:
    return f"not one of the allowed {', '.join(column.allowed)}"
