"""The arrival section of a pipeline file: whether new data starts a run, and how long the run waits for more of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


class Arrival(Section):
    """Starts a run when new data arrives in the bucket, in addition to the schedule. All objects of a day together
    start one run.
    """

    quiet_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between 1 and 1440, which is one day", "arrival = { quiet_minutes = 15 }"),
    ] = 15
    """The number of minutes without a new object after which the run starts."""
    max_wait_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between quiet_minutes and 1440, which is one day", "arrival = { max_wait_minutes = 120 }"),
    ] = 120
    """The maximum number of minutes from the first object to the start of the run, even if objects still arrive."""

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if self.max_wait_minutes < self.quiet_minutes:
            message = (
                f"arrival.max_wait_minutes must be at least quiet_minutes ({self.quiet_minutes}), "
                f"got {self.max_wait_minutes}"
            )
            hint = f"write max_wait_minutes = {self.quiet_minutes}"
            yield Violation(("max_wait_minutes",), Code.OUT_OF_RANGE, message, hint)
