"""`refit plan --base REV`: what the merge will do to each pipeline whose file changed. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from refit.costs.prices import Prices
from refit.git import Git
from refit.plan.plan import Plan
from refit.plan.planner import Planner
from refit.plan.revisions import compare
from refit.project import Project


def plan(
    project: Project,
    base: str,
    head: str | None = None,
    *,
    at: datetime | None = None,
    live: bool = True,
    prices: Mapping[str, Prices] | None = None,
) -> Plan:
    """What merging `head` (the working tree without one) into `base` will do.

    `at` is the event time to plan for; by default the committer's date of `head`, and for a working tree now. Without
    `live` AWS is not asked; `prices` replace the table of driver/refit/costs/prices.py. Raises RefitError for a
    revision that this clone does not have; what AWS refuses is part of the plan, not an error.
    """
    at = at or (Git(project.root).commit(head).committed_at if head else datetime.now(UTC))
    found = compare(project, base, head, since_fork=True, today=at.date())
    planner = Planner(project, found.head, at, live=live, prices=prices)
    pipelines = (planner.planned(one, found.after.get(one.key), found.before.get(one.key)) for one in found.changes)
    return Plan(found.base, found.head, at, tuple(pipelines), found.reformatted, found.machinery)
