"""Measures how far the values of a column have moved from those that the champion was trained on. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from refit.domain.day_statistics import ColumnStatistics, DayStatistics
from refit.domain.histogram import place

GROUPS = 10
"""The population stability index is by convention computed over ten groups of equal size, here as far as bins allow."""
ROWS_PER_GROUP = 40
"""With fewer rows there are fewer groups: chance alone gives an index of about (groups - 1) × (1 / rows + 1 / rows of
the champion), which so stays below 0.05."""


class Drift(NamedTuple):
    """A column's population stability index, and the share of its values outside the champion's own range."""

    psi: float | None
    outside: float | None


def drift(champion: DayStatistics, now: DayStatistics) -> dict[str, Drift]:
    """The drift of each column that both have."""
    return {
        name: Drift(psi(champion.columns[name], column), share_outside(champion.columns[name], column))
        for name, column in now.columns.items()
        if name in champion.columns
    }


def psi(champion: ColumnStatistics, now: ColumnStatistics) -> float | None:
    """The population stability index: Σ (now - before) × ln(now / before) over groups of values; 0 for equal shares.

    None if the two cannot be compared: one has too few values, or texts that were not counted. By convention, below 0.1
    is stable and above 0.25 has shifted. An empty group counts as half a value, so that the index is finite.
    """
    if not champion.count or not now.count:
        return None
    groups = _text_groups(champion, now) if champion.histogram.total == 0 else _number_groups(champion, now)
    if groups is None:
        return None
    before, after = ([max(count, 0.5) for count in counts] for counts in zip(*groups, strict=True))
    total_before, total_after = sum(before), sum(after)
    shares = [(a / total_after, b / total_before) for a, b in zip(after, before, strict=True)]
    return math.fsum((a - b) * math.log(a / b) for a, b in shares)


def share_outside(champion: ColumnStatistics, now: ColumnStatistics) -> float | None:
    """The share of values below the champion's minimum or above its maximum, exact to one bin of the histogram; of
    texts the share that the champion has not seen. None if the two cannot be compared.
    """
    if not now.count or not champion.count:
        return None
    if champion.min is None or champion.max is None or now.min is None or now.max is None:
        if not champion.values or now.values is None:
            return None
        return sum(count for value, count in now.values.items() if value not in champion.values) / now.count
    if champion.min <= now.min and now.max <= champion.max:
        return 0.0
    low, high = place(champion.min) >> now.histogram.shift, place(champion.max) >> now.histogram.shift
    outside = sum(count for at, count in now.histogram.counts.items() if not low <= at <= high)
    return max(outside, 1) / now.histogram.total


def _number_groups(champion: ColumnStatistics, now: ColumnStatistics) -> Sequence[tuple[int, int]] | None:
    """(champion's count, count now) of neighboring bins, of about the same champion's count each."""
    if not now.histogram.total:
        return None
    shift = max(champion.histogram.shift, now.histogram.shift)
    before, after = champion.histogram.coarser(shift).counts, now.histogram.coarser(shift).counts
    total = champion.histogram.total
    size = total / max(2, min(GROUPS, min(total, now.histogram.total) // ROWS_PER_GROUP))
    groups, group = [], (0, 0)
    for at in sorted({*before, *after}):
        count = before.get(at, 0)
        # Half a bin too many is nearer to the size than half a bin too few.
        if group[0] and group[0] + count / 2 > size:
            groups.append(group)
            group = (0, 0)
        group = (group[0] + count, group[1] + after.get(at, 0))
    return [*groups, group]


def _text_groups(champion: ColumnStatistics, now: ColumnStatistics) -> Sequence[tuple[int, int]] | None:
    """(champion's count, count now) of each value that the champion has often enough, and of all others."""
    if not champion.values or not now.values:
        return None
    floor = max(champion.count / GROUPS / 2, 1)
    often = [value for value, count in champion.values.items() if count >= floor]
    groups = [(champion.values[value], now.values.get(value, 0)) for value in often]
    rest = (champion.count - sum(a for a, _ in groups), now.count - sum(b for _, b in groups))
    return [*groups, rest] if any(rest) else groups
