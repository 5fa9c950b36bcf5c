"""Decides by the findings whether a run trains, and on which days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from lambdas.decisions import data_rules
from lambdas.decisions.changed_days import Changes
from refit.domain.data_contract import Contract
from refit.domain.data_drift import drift
from refit.domain.data_quality import Breach
from refit.domain.date_ranges import MOST_NAMED, ranges
from refit.domain.day_statistics import DayStatistics
from refit.domain.formatting import counted, cut, figure
from refit.domain.run_document import ColumnDrift, QualityBreach, WindowSettings
from refit.domain.window import Window

MOST_BREACHES = 10
MOST_COLUMNS = 10
MOST_TOLD = 3
"""The number of breaches that the reason names; the others are in quality.json."""
LONGEST_EXPECTATION = 200
LONGEST_BREACH = 300
SKIP = "skip"

Breaches = Mapping[str, Sequence[Breach]]
"""The breaches of each bad day (YYYY-MM-DD)."""


class Verdict(NamedTuple):
    """Why the data is rejected, "" if it is not; and the bad days that the run leaves out."""

    rejected: str
    skipped: list[date]


class Newness(NamedTuple):
    """What makes data new: `forced` runs need none, `watermark` is the newest day that the live model has seen, and
    `changes` are those of the good days since then.
    """

    forced: bool
    watermark: str | None
    changes: Changes


def of(
    breaches: Breaches,
    days: Iterable[date],
    contract: Contract,
    window: Window,
    settings: WindowSettings,
    newness: Newness,
) -> Verdict:
    """The verdict about the `days` with data, of which `breaches` has the bad ones.

    With on_bad_day = "skip", enough days must be left to train on, and among them new data: otherwise the run would
    train a model of what the live one has seen already, every day until the bad day is repaired.
    """
    bad, every = [day for day in days if day.isoformat() in breaches], list(days)
    if not bad:
        return Verdict("", [])
    told = text(breaches)
    if contract.on_bad_day != SKIP:
        return Verdict(f"{len(bad)} of {counted(len(every), 'day')} {_break(bad)} the data contract: {told}", [])
    good = [day for day in every if day not in bad]
    without = f"without {ranges(bad, MOST_NAMED)} ({told})"
    too_little = data_rules.too_little(window, good, settings)
    if too_little is not None:
        return Verdict(f"{without}: {too_little}", [])
    nothing_new = data_rules.nothing_new(window, max(good), newness.watermark)
    if nothing_new is not None and not str(newness.changes) and not newness.forced:
        return Verdict(f"{without}: {nothing_new}", [])
    return Verdict("", bad)


def text(breaches: Breaches) -> str:
    """The first breaches, each with its day, and how many more there are."""
    every = [f"{day}: {cut(str(one), LONGEST_BREACH)}" for day, found in sorted(breaches.items()) for one in found]
    more = len(every) - MOST_TOLD
    return "; ".join([*every[:MOST_TOLD], *([f"and {more:,} more"] if more > 0 else [])])


def summary(breaches: Breaches) -> list[QualityBreach]:
    """The first breaches for the run document, whose size is limited."""
    every = [(day, one) for day, found in sorted(breaches.items()) for one in found]
    return [
        {
            "day": day,
            "rule": str(one.rule),
            "value": one.value,
            "expected": cut(one.expected, LONGEST_EXPECTATION),
            "column": one.column,
            "object": one.object,
            "row": one.row,
            "count": one.count,
        }
        for day, one in every[:MOST_BREACHES]
    ]


def moved(champion: DayStatistics | None, now: DayStatistics) -> list[ColumnDrift]:
    """The columns whose values differ most from those that the live model has seen; none without a live model."""
    if champion is None:
        return []
    found = [
        ColumnDrift(column=name, psi=_rounded(one.psi), outside=_rounded(one.outside))
        for name, one in drift(champion, now).items()
    ]
    found.sort(key=lambda one: (one["psi"] is None, -(one["psi"] or 0), -(one["outside"] or 0), one["column"]))
    return found[:MOST_COLUMNS]


def accepted(rows: int, days: int, changed: Sequence[ColumnDrift]) -> str:
    """The reason of a run that trains: how much data was checked, and the greatest drift."""
    checked = f"{counted(rows, 'row')} of {counted(days, 'day')} keep the data contract"
    first = changed[0] if changed else None
    if first is None or first["psi"] is None:
        return checked
    index = f"population stability index {figure(first['psi'])}"
    outside = "" if first["outside"] is None else f", {first['outside']:.1%} outside the live model's range"
    return f"{checked}; greatest drift: {first['column']} ({index}{outside})"


def _break(days: Sequence[date]) -> str:
    return "breaks" if len(days) == 1 else "break"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
