"""Judges days that a run has measured by another data contract, without their data: from the statistics alone. Pure.

Says what a changed contract means for which days. It sees minimum, maximum, missing values, counted values and rows;
what rows of another type are worth is known only by reading them again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refit.domain.data_contract import NUMBERS, Column, Contract
from refit.domain.data_quality import Breach, Rule, WindowQuality, judge, shown
from refit.domain.day_statistics import ColumnStatistics, merged
from refit.domain.histogram import value_at

KEPT = (Rule.TYPE, Rule.COLUMNS, Rule.FORMAT)
"""The rules whose recorded breaches stay: they do not depend on limits."""


def rejudged(found: WindowQuality, contract: Contract) -> Mapping[str, tuple[Breach, ...]]:
    """The breaches of `contract` on each day that was measured; `found` is that of the run of the live model."""
    statistics = {day: quality.statistics for day, quality in found.days.items()}
    trained = found.trained.values()
    whole_days = judge(statistics, contract, [one.rows for one in trained], merged(trained) if trained else None)
    return {
        day: (*_recorded(quality.breaches, contract), *_limits(statistics[day].columns, contract), *whole_days[day])
        for day, quality in sorted(found.days.items())
    }


def _recorded(breaches: tuple[Breach, ...], contract: Contract) -> Iterator[Breach]:
    return (one for one in breaches if one.rule in KEPT and (one.column is None or one.column in contract.names))


def _limits(found: Mapping[str, ColumnStatistics], contract: Contract) -> Iterator[Breach]:
    for column in contract.columns:
        have = found.get(column.name)
        if have is None:
            continue
        if column.required and have.nulls:
            yield Breach(Rule.REQUIRED, "no value", "but required", column.name, count=have.nulls)
        if column.min is not None and have.min is not None and have.min < column.min:
            yield Breach(Rule.MIN, f"{have.min:.15g}", f"below min = {column.min:.15g}", column.name)
        if column.max is not None and have.max is not None and have.max > column.max:
            yield Breach(Rule.MAX, f"{have.max:.15g}", f"above max = {column.max:.15g}", column.name)
        other = next(_not_allowed(column, have), None) if column.allowed else None
        if other is not None:
            expected = f"not one of the allowed {', '.join(column.allowed)}"
            yield Breach(Rule.ALLOWED, shown(other), expected, column.name)


def _not_allowed(column: Column, have: ColumnStatistics) -> Iterator[str]:
    """The values that are not allowed, as far as they were counted one by one."""
    if column.type not in NUMBERS:
        yield from (value for value in have.values or () if value not in column.allowed)
    elif have.histogram.shift == 0:
        allowed = {float(value) for value in column.allowed}
        values = map(value_at, sorted(have.histogram.counts))
        yield from (f"{value:.15g}" for value in values if value not in allowed)
