"""The schedule section of a pipeline file: when EventBridge Scheduler starts a run."""

from __future__ import annotations

from typing import Annotated

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint
from refit.problem_codes import Code


class Schedule(Section):
    """When EventBridge Scheduler starts a run."""

    expression: Annotated[
        value_types.ScheduleExpression,
        Constraint(
            "be a schedule expression of EventBridge Scheduler",
            'schedule = { expression = "rate(1 day)" }',
            Code.BAD_SCHEDULE,
        ),
    ] = "rate(1 day)"
    """When a run starts: `rate(…)`, `cron(…)` with six fields, or `at(…)` for a single run."""
    timezone: Annotated[
        value_types.TimeZone,
        Constraint(
            "be a name from the IANA time zone database",
            'schedule = { timezone = "Europe/Berlin" }',
            Code.UNKNOWN_TIME_ZONE,
        ),
    ] = "UTC"
    """The time zone of a `cron(…)` or `at(…)` expression."""
    enabled: Annotated[bool, Constraint("be true or false", "schedule = { enabled = false }")] = True
    """Whether the schedule starts runs."""
