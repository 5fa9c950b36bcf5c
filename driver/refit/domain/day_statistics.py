"""Statistics of the values in a day's columns, of bounded size and with a form in JSON. Pure.

refit.quality measures them. Those of several days add up to those of a window, for example of the champion's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from refit.domain.histogram import Histogram

MAX_VALUES = 50
"""The maximum number of different texts that are counted one by one; a column with more has only a count."""
LONGEST_VALUE = 100
"""The maximum number of characters of such a text."""


@dataclass(frozen=True)
class ColumnStatistics:
    """`count` values and `nulls` missing values. Numbers have `min`, `max`, `mean` and a histogram; texts and booleans
    have the count of each value, or None if there are too many different ones.
    """

    count: int = 0
    nulls: int = 0
    min: float | None = None
    max: float | None = None
    mean: float | None = None
    histogram: Histogram = field(default_factory=Histogram)
    values: Mapping[str, int] | None = field(default_factory=dict)

    def plus(self, other: ColumnStatistics) -> ColumnStatistics:
        """The statistics of the values of both."""
        weights = [(one.mean, one.histogram.total) for one in (self, other) if one.mean is not None]
        total = sum(weight for _, weight in weights)
        return ColumnStatistics(
            self.count + other.count,
            self.nulls + other.nulls,
            min((one for one in (self.min, other.min) if one is not None), default=None),
            max((one for one in (self.max, other.max) if one is not None), default=None),
            sum(mean * (weight / total) for mean, weight in weights) if total else None,
            self.histogram.plus(other.histogram),
            bounded_values(None if None in (self.values, other.values) else _sum(self.values, other.values)),
        )

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        document: dict[str, Any] = {"count": self.count, "nulls": self.nulls}
        if self.min is not None:
            document |= {"min": self.min, "max": self.max, "mean": self.mean}
            document["histogram"] = self.histogram.to_document()
        if self.values != {}:
            document["values"] = None if self.values is None else dict(self.values)
        return document

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> ColumnStatistics:
        """The statistics that `to_document` wrote."""
        histogram = document.get("histogram")
        return ColumnStatistics(
            document["count"],
            document["nulls"],
            document.get("min"),
            document.get("max"),
            document.get("mean"),
            Histogram.from_document(histogram) if histogram else Histogram(),
            document.get("values", {}),
        )


@dataclass(frozen=True)
class DayStatistics:
    """The rows of a day, and the statistics of each column by its name."""

    rows: int = 0
    columns: Mapping[str, ColumnStatistics] = field(default_factory=dict)

    def plus(self, other: DayStatistics) -> DayStatistics:
        """The statistics of the rows of both."""
        names = dict.fromkeys([*self.columns, *other.columns])
        none = ColumnStatistics()
        columns = {name: self.columns.get(name, none).plus(other.columns.get(name, none)) for name in names}
        return DayStatistics(self.rows + other.rows, columns)

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        return {"rows": self.rows, "columns": {name: one.to_document() for name, one in self.columns.items()}}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> DayStatistics:
        """The statistics that `to_document` wrote."""
        columns = {name: ColumnStatistics.from_document(one) for name, one in document["columns"].items()}
        return DayStatistics(document["rows"], columns)


def merged(days: Iterable[DayStatistics]) -> DayStatistics:
    """The statistics of the rows of all days."""
    return reduce(DayStatistics.plus, days, DayStatistics())


def bounded_values(values: Mapping[str, int] | None) -> Mapping[str, int] | None:
    """The counts of texts; None if there are too many or too long ones to keep."""
    if values is None or len(values) > MAX_VALUES or any(len(value) > LONGEST_VALUE for value in values):
        return None
    return values


def _sum(one: Mapping[str, int] | None, other: Mapping[str, int] | None) -> Counter[str]:
    return Counter(one or {}) + Counter(other or {})
