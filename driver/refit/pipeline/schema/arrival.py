"""The arrival section: whether new data starts a run, and how long a run waits for the rest of it.

terraform/variables.tf types the same fields with the same defaults; tests/refit/pipeline/test_schema_is_terraforms.py
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


class Arrival(Section):
    """Whether data that lands in the bucket starts a run, beside the schedule; a day's many objects start one."""

    quiet_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between 1 and 1440, which is one day", "arrival = { quiet_minutes = 15 }"),
    ] = 15
    """For how many minutes no further object may have landed before the run starts."""
    max_wait_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between quiet_minutes and 1440, which is one day", "arrival = { max_wait_minutes = 120 }"),
    ] = 120
    """After how many minutes since the first object the run starts although more keep landing."""

    def broken_rules(self, given: ValidationContext) -> Iterator[Violation]:
        if self.max_wait_minutes < self.quiet_minutes:
            message = (
                f"arrival.max_wait_minutes must be at least quiet_minutes ({self.quiet_minutes}), "
                f"got {self.max_wait_minutes}"
            )
            hint = f"write max_wait_minutes = {self.quiet_minutes}"
            yield Violation(("max_wait_minutes",), Code.OUT_OF_RANGE, message, hint)
