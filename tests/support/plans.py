"""Plans a merge in a checkout, without AWS."""

from __future__ import annotations

from datetime import UTC, datetime

from refit.plan.plan import Plan, PlannedPipeline
from refit.plan.planner import plan
from tests.support.checkout import Checkout

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


WIDER = "window = { days = 14, holdout_days = 1 }"


def only(found: Plan) -> PlannedPipeline:
    (planned,) = found.pipelines
    return planned


def offline(checkout: Checkout, base: str, head: str | None = "HEAD") -> Plan:
    return plan(checkout.project, base, head, at=AT, live=False)
