"""Says what a data contract means for the days that the live model's run has measured, for `refit plan`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from refit.domain.formatting import counted
from refit.plan.plan import PlannedPipeline

MOST = 3
"""The maximum number of breaches that are named of a day."""


def bad(planned: PlannedPipeline) -> Iterator[date]:
    """The measured days that break the contract."""
    return (date.fromisoformat(day) for day, found in planned.contract.items() if found)


def sentences(planned: PlannedPipeline) -> list[str]:
    """How many days keep the contract, then a line for each day that breaks it; none if no run has measured any."""
    if not planned.contract:
        return []
    days = {day: found for day, found in planned.contract.items() if found}
    measured = counted(len(planned.contract), "day")
    verb = "breaks" if len(days) == 1 else "break"
    of_run = f"{measured} of the live model's run"
    head = f"data contract: {len(days)} of {of_run} {verb} it" if days else f"data contract: {of_run}, none breaks it"
    return [head, *(f"{day}: {_listed([str(one) for one in found])}" for day, found in sorted(days.items()))]


def _listed(breaches: list[str]) -> str:
    more = len(breaches) - MOST
    return "; ".join([*breaches[:MOST], *([f"and {more} more"] if more > 0 else [])])
