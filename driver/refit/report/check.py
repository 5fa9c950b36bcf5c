"""Formats the result of `refit check`: a line for each day, and below it one for each kind of breach."""

from __future__ import annotations

from collections.abc import Iterator

from refit.data.check import Checked
from refit.domain.date_ranges import ranges
from refit.domain.formatting import counted
from refit.safe_output import plain


def lines(found: Checked) -> Iterator[str]:
    """The days with data, the oldest first, and a summary."""
    for day, quality in sorted(found.quality.days.items()):
        rows = counted(quality.statistics.rows, "row")
        yield f"{day}  {rows}, " + ("good" if quality.passed else counted(len(quality.breaches), "kind") + " of breach")
        yield from (f"  {breach.rule}: {plain(str(breach))}" for breach in quality.breaches)
    if found.missing:
        yield f"no data: {ranges(found.missing)}"
    checked, bad = len(found.quality.days), len(found.quality.bad_days)
    days = counted(checked, "day")
    yield f"{found.pipeline}: {bad} of {days} break the data contract" if bad else f"{found.pipeline}: {days} checked"
