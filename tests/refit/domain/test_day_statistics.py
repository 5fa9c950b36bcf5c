"""Statistics of days add up to those of a window, and travel as JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from refit.domain.day_statistics import MAX_VALUES, ColumnStatistics, DayStatistics, merged
from refit.domain.histogram import Histogram


def numbers(values: list[float], nulls: int = 0) -> ColumnStatistics:
    if not values:
        return ColumnStatistics(0, nulls)
    mean = sum(values) / len(values)
    return ColumnStatistics(len(values), nulls, min(values), max(values), mean, Histogram.of(values))


def texts(values: dict[str, int] | None, count: int | None = None) -> ColumnStatistics:
    return ColumnStatistics(sum((values or {}).values()) if count is None else count, 0, values=values)


columns = st.builds(numbers, st.lists(st.floats(-1e6, 1e6), max_size=200), st.integers(0, 9)) | st.builds(
    texts, st.dictionaries(st.text(max_size=5), st.integers(1, 9), max_size=5)
)
days = st.builds(DayStatistics, st.integers(0, 99), st.dictionaries(st.text(max_size=3), columns, max_size=3))


@given(days)
def test_statistics_survive_json(day: DayStatistics) -> None:
    assert DayStatistics.from_document(json.loads(json.dumps(day.to_document(), allow_nan=False))) == day


@given(st.lists(st.lists(st.integers(-99, 99).map(float), max_size=40), max_size=5))
def test_the_statistics_of_days_add_up(parts: list[list[float]]) -> None:
    found = merged(DayStatistics(len(part), {"x": numbers(part, 1)}) for part in parts)
    values = [value for part in parts for value in part]
    assert found.rows == len(values)
    if parts:
        column, whole = found.columns["x"], numbers(values, len(parts))
        assert (column.count, column.nulls, column.min, column.max) == (whole.count, whole.nulls, whole.min, whole.max)
        assert column.histogram == whole.histogram
        assert column.mean is None if whole.mean is None else abs((column.mean or 0) - whole.mean) < 1e-9


def test_too_many_different_texts_are_only_counted() -> None:
    some, more = ({f"{name}{at}": 1 for at in range(MAX_VALUES)} for name in "ab")
    both = texts(some).plus(texts(more))
    assert both.count == 2 * MAX_VALUES
    assert both.values is None
    assert texts(some).plus(texts(None, 7)).values is None
    assert texts({"a": 1}).plus(texts({"a": 2, "b": 1})).values == {"a": 3, "b": 1}


def test_a_column_that_one_day_lacks_is_that_of_the_other() -> None:
    both = DayStatistics(1, {"x": numbers([1.0])}).plus(DayStatistics(2, {"y": numbers([2.0, 3.0])}))
    assert both == DayStatistics(3, {"x": numbers([1.0]), "y": numbers([2.0, 3.0])})
