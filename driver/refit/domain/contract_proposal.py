"""Proposes the columns of a data contract from statistics: with room, and in numbers that a person writes. Pure."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from refit.domain.data_contract import NUMBERS, Column, ColumnType
from refit.domain.day_statistics import ColumnStatistics
from refit.domain.histogram import value_at

ROOM = Decimal("0.1")
"""The room at each end of a range, as a share of its length."""
MOST_TEXTS = 20
MOST_INTEGERS = 2
"""The maximum numbers of different values that are proposed as the allowed ones; of integers only flags."""
TIMES_SEEN = 10
"""How often each of these must have been seen on average: otherwise the data probably lacks some."""
ROOM_FOR_NULLS = 1.5


def proposed(name: str, kind: ColumnType, found: ColumnStatistics) -> Column:
    """The column of a contract that the data keeps, and that similar data keeps too."""
    lowest = highest = None
    allowed = allowed_values(kind, found)
    if kind in NUMBERS and not allowed and found.min is not None and found.max is not None:
        lowest, highest = bounds(found.min, found.max, whole=kind == "integer")
    total = found.count + found.nulls
    max_nulls = None
    if found.nulls:
        max_nulls = min(1.0, _up(found.nulls / total * ROOM_FOR_NULLS))
    return Column(name, kind, not found.nulls, lowest, highest, allowed, max_nulls)


def bounds(lowest: float, highest: float, *, whole: bool = False) -> tuple[float | None, float | None]:
    """A range with room around [lowest, highest]: rounded outwards to (half) the first digit of its length, or to
    `whole` numbers. It does not cross 0 only because of the room. (None, None) for a single value, which has no length.
    """
    low, high = Decimal(repr(lowest)), Decimal(repr(highest))
    length = high - low
    if not length:
        return None, None
    step = Decimal(1).scaleb(length.adjusted())
    if length < 5 * step:
        step /= 2
    if whole:
        step = max(step, Decimal(1))
    below, above = low - ROOM * length, high + ROOM * length
    if below < 0 <= low:
        below = Decimal(0)
    if high <= 0 < above:
        above = Decimal(0)
    return _rounded(below, step, ROUND_FLOOR), _rounded(above, step, ROUND_CEILING)


def allowed_values(kind: ColumnType, found: ColumnStatistics) -> tuple[str, ...]:
    """The values that the data has, if they are few and each was seen often; () otherwise."""
    if kind == "text" and found.values:
        values, most = sorted(found.values), MOST_TEXTS
    elif kind == "integer" and found.histogram.shift == 0:
        values, most = [f"{value_at(at):.0f}" for at in sorted(found.histogram.counts)], MOST_INTEGERS
    else:
        return ()
    return tuple(values) if 1 < len(values) <= most and found.count >= TIMES_SEEN * len(values) else ()


def _rounded(value: Decimal, step: Decimal, rounding: str) -> float | None:
    """`value` as a multiple of `step`; None if that is not a 64-bit number."""
    rounded = float((value / step).to_integral_value(rounding) * step)
    return rounded if math.isfinite(rounded) else None


def _up(share: float) -> float:
    """A positive share, rounded up to one digit."""
    value = Decimal(repr(share))
    step = Decimal(1).scaleb(value.adjusted())
    return float((value / step).to_integral_value(ROUND_CEILING) * step)
