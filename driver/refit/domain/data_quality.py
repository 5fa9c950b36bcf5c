"""Judges the days of a window by the data contract, from their statistics and the breaches found in their rows. Pure.

The result travels as JSON: a run writes it to `runs/<pipeline>/<run>/quality.json`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from refit.domain import object_names
from refit.domain.data_contract import Contract
from refit.domain.data_drift import drift
from refit.domain.day_statistics import DayStatistics
from refit.domain.formatting import counted, cut, figure

LONGEST_VALUE = 80
"""The maximum number of characters of a value in a breach."""


class Rule(StrEnum):
    """The rules of a contract. Rules of rows are named like the fields of a column."""

    FORMAT = "format"
    COLUMNS = "columns"
    TYPE = "type"
    REQUIRED = "required"
    MIN = "min"
    MAX = "max"
    ALLOWED = "allowed"
    MAX_NULLS = "max_nulls"
    MIN_ROWS = "rows.min"
    MAX_ROW_CHANGE = "rows.max_change"
    MAX_PSI = "max_psi"


@dataclass(frozen=True)
class Breach:
    """One kind of fault of a day: `count` rows break the `rule` of the `column`; `object`, `row` (counting from 1,
    without blank lines) and `value` are those of the first. `expected` is what the contract says. A rule about the
    whole day has no object and no row.
    """

    rule: Rule
    value: str
    expected: str
    column: str | None = None
    object: str | None = None
    row: int | None = None
    count: int = 1

    def __str__(self) -> str:
        what = f"{self.column}: {self.value}, {self.expected}" if self.column else f"{self.value}, {self.expected}"
        if self.object is None:
            return what
        key = object_names.shown(self.object)
        place = f"row {self.row:,} of {key}" if self.row else key
        if self.count == 1:
            return f"{what} ({place})"
        return f"{what} ({counted(self.count, 'row' if self.row else 'object')}, first {place})"

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "rule": str(self.rule)}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Breach:
        """The breach that `to_document` wrote."""
        return Breach(**{**document, "rule": Rule(document["rule"])})


@dataclass(frozen=True)
class DayQuality:
    """What a check found out about a day."""

    statistics: DayStatistics
    breaches: tuple[Breach, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.breaches

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        breaches = [breach.to_document() for breach in self.breaches]
        return {"statistics": self.statistics.to_document(), "breaches": breaches}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> DayQuality:
        """The result that `to_document` wrote."""
        breaches = tuple(map(Breach.from_document, document["breaches"]))
        return DayQuality(DayStatistics.from_document(document["statistics"]), breaches)


@dataclass(frozen=True)
class WindowQuality:
    """The results of a window's days, by YYYY-MM-DD; `skipped` are the days that the run left out."""

    days: Mapping[str, DayQuality] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()

    @property
    def bad_days(self) -> tuple[str, ...]:
        return tuple(day for day, found in sorted(self.days.items()) if not found.passed)

    @property
    def trained(self) -> dict[str, DayStatistics]:
        """The statistics of the days that the run trained on or held out."""
        return {day: found.statistics for day, found in self.days.items() if day not in self.skipped}

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        days = {day: found.to_document() for day, found in sorted(self.days.items())}
        return {"skipped": list(self.skipped), "days": days}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> WindowQuality:
        """The results that `to_document` wrote."""
        days = {day: DayQuality.from_document(found) for day, found in document["days"].items()}
        return WindowQuality(days, tuple(document.get("skipped", ())))


def judge(
    days: Mapping[str, DayStatistics],
    contract: Contract,
    baseline_rows: Sequence[int] = (),
    champion: DayStatistics | None = None,
) -> dict[str, tuple[Breach, ...]]:
    """The breaches of the rules for whole days, of every day: rows, missing values, and drift from the champion.

    `baseline_rows` are the rows of each day of the last runs, and `champion` the statistics of the days that the live
    model was trained on. Without them, the rules that need them do not apply.
    """
    usual = statistics.median(baseline_rows) if baseline_rows else None
    return {
        day: (*_rows(found, contract, usual), *_nulls(found, contract), *_drift(found, contract, champion))
        for day, found in days.items()
    }


def shown(value: object) -> str:
    """A value as a breach has it: in one line, and not too long."""
    text = str(value)
    return cut(text if text.isprintable() else ascii(text)[1:-1], LONGEST_VALUE)


def _rows(found: DayStatistics, contract: Contract, usual: float | None) -> Iterator[Breach]:
    rows = counted(found.rows, "row")
    if contract.min_rows is not None and found.rows < contract.min_rows:
        yield Breach(Rule.MIN_ROWS, rows, f"below rows.min = {contract.min_rows}")
    most = contract.max_row_change
    if most is not None and usual and abs(found.rows - usual) > most * usual:
        usually = f"more than rows.max_change = {most:.15g} from the median of the last runs, {usual:,.15g}"
        yield Breach(Rule.MAX_ROW_CHANGE, rows, usually)


def _nulls(found: DayStatistics, contract: Contract) -> Iterator[Breach]:
    for column in contract.columns:
        have = found.columns.get(column.name)
        if column.max_nulls is None or have is None or not found.rows or have.nulls <= column.max_nulls * found.rows:
            continue
        value = f"{have.nulls / found.rows:.2%} of the rows have no value"
        expected = f"above max_nulls = {column.max_nulls:.15g}"
        yield Breach(Rule.MAX_NULLS, value, expected, column.name, count=have.nulls)


def _drift(found: DayStatistics, contract: Contract, champion: DayStatistics | None) -> Iterator[Breach]:
    if contract.max_psi is None or champion is None:
        return
    for name, moved in drift(champion, found).items():
        if moved.psi is not None and moved.psi > contract.max_psi:
            value = f"population stability index {figure(moved.psi)}"
            yield Breach(Rule.MAX_PSI, value, f"above drift.max_psi = {contract.max_psi:.15g}", name)
