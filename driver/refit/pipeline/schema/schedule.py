"""The schedule section of a pipeline file: when EventBridge Scheduler starts a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from refit.pipeline.schema import firing, value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
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

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        now = context.local_time(self.timezone)
        if now and self.enabled and not firing.starts_after(self.expression, now):
            message = (
                f"schedule.expression {self.expression} starts no run after {now:%Y-%m-%dT%H:%M:%S} {self.timezone}"
            )
            later = firing.repaired(self.expression, now)
            instead = f'write expression = "{later}", or enabled = false' if later else "write enabled = false"
            yield Violation(("expression",), Code.SCHEDULE_OVER, message, instead)
