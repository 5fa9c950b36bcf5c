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
        parsed = _parsed(cells) if is_text and self.column.type in NUMBERS else None
        if is_text and parsed is None:
            cells = _trimmed(cells)
        self._nulls += cells.null_count
        if self.column.required and cells.null_count:
            report(Rule.REQUIRED, "but required", pc.is_null(cells), cells)
        if self.column.type in NUMBERS:
            values, bad = _finite(_converted(cells, is_text) if parsed is None else parsed, cells, self.column)
        else:
            values, bad = _others(cells, self.column, is_text)
        if bad is not None:
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
        if values.null_count == len(values):
            return
        ends = pc.min_max(values)
        low, high = ends["min"].as_py() + 0.0, ends["max"].as_py() + 0.0  # + 0.0: no minus zero
        if column.min is not None and low < column.min:
            below = pc.less(values, pa.scalar(column.min, pa.float64()))
            report(Rule.MIN, f"below min = {column.min:.15g}", below, cells)
        if column.max is not None and high > column.max:
            above = pc.greater(values, pa.scalar(column.max, pa.float64()))
            report(Rule.MAX, f"above max = {column.max:.15g}", above, cells)
        if column.allowed:
            allowed = pa.array([float(value) for value in column.allowed], pa.float64())
            report(Rule.ALLOWED, _allowed(column), _not_in(values, allowed), cells)
        values = values.drop_null() if values.null_count else values
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


def _parsed(cells: pa.Array) -> pa.Array | None:
    """The numbers of cells of CSV; None if one of them is not a number as it stands, such as one with white space."""
    try:
        return cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return None


def _converted(cells: pa.Array, is_text: bool) -> pa.Array:
    """The numbers of the cells, trimmed ones of CSV (`is_text`) or typed values; null where there is none."""
    if is_text:
        is_number = pc.match_substring_regex(cells, _NUMBER)
        return pc.if_else(is_number, cells, pa.scalar(None, pa.string())).cast(pa.float64())
    if pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type) or pa.types.is_decimal(cells.type):
        return cells.cast(pa.float64(), safe=False)
    return pa.nulls(len(cells), pa.float64())


def _finite(values: pa.Array, cells: pa.Array, column: Column) -> tuple[pa.Array, pa.Array | None]:
    """The values of the column's type, null where there is none, and the mask of the cells that should have one; None
    if all have.
    """
    is_good = pc.is_finite(values)
    if column.type == "integer":
        is_good = pc.and_(is_good, pc.equal(pc.floor(values), values))
    if values.null_count == cells.null_count and pc.all(is_good).as_py():
        return values, None
    is_good = pc.fill_null(is_good, False)
    values = pc.if_else(is_good, values, pa.scalar(None, pa.float64()))
    return values, pc.and_not(pc.is_valid(cells), is_good)


def _others(cells: pa.Array, column: Column, is_text: bool) -> tuple[pa.Array, pa.Array | None]:
    """The texts of the cells, null where there is none, and the mask of the cells of another type; None without any."""
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
    return cells.cast(pa.string()), None


def _histogram(values: pa.Array, shift: int) -> Histogram:
    """The histogram of numbers, in bins not narrower than those of `shift` (refit.domain.histogram)."""
    bits = values.view(pa.int64())
    places = pc.if_else(pc.less(bits, 0), pc.subtract(_LOWEST, bits), bits)
    bins = pc.shift_right(places, shift)
    while (count := pc.count_distinct(bins).as_py()) > 2 * BINS:
        steps = (count // (2 * BINS)).bit_length()  # a step at most halves the count, which may then be above BINS
        bins, shift = pc.shift_right(bins, steps), shift + steps
    counts = {pair["values"].as_py(): pair["counts"].as_py() for pair in pc.value_counts(bins)}
    return Histogram(shift, counts).bounded()


def _not_in(values: pa.Array, allowed: pa.Array) -> pa.Array:
    return pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, allowed)))


def _allowed(column: Column) -> str:
    return f"not one of the allowed {', '.join(column.allowed)}"
