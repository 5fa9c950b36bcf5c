"""Formats the result of `refit check`: a line for each day, and below it one for each kind of breach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from refit.data.check import Checked
from refit.domain.data_drift import Drift
from refit.domain.date_ranges import ranges
from refit.domain.formatting import counted, figure
from refit.safe_output import plain


def lines(found: Checked) -> Iterator[str]:
    """The days with data, the oldest first, and a summary."""
    for day, quality in sorted(found.quality.days.items()):
        rows = counted(quality.statistics.rows, "row")
        result = "good" if quality.passed else f"{counted(len(quality.breaches), 'kind')} of breach"
        yield f"{day}  {rows}, {result}{_greatest(found.drift.get(day, {}))}"
        yield from (f"  {breach.rule}: {plain(str(breach))}" for breach in quality.breaches)
    if found.missing:
        yield f"no data: {ranges(found.missing)}"
    checked, bad = len(found.quality.days), len(found.quality.bad_days)
    days = counted(checked, "day")
    yield f"{found.pipeline}: {bad} of {days} break the data contract" if bad else f"{found.pipeline}: {days} checked"


def _greatest(moved: Mapping[str, Drift]) -> str:
    """The column that has moved most from the live model's data; "" if none can be compared."""
    by_psi = [(one.psi, name, one.outside) for name, one in moved.items() if one.psi is not None]
    if not by_psi:
        return ""
    psi, name, outside = max(by_psi, key=lambda one: one[0])
    share = f", {outside:.1%} outside the live model's range" if outside else ""
    return f"; greatest drift: {plain(name)} (population stability index {figure(psi)}{share})"
