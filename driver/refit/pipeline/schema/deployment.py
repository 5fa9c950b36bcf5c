"""How a new model takes over the endpoint's traffic, and the rules of SageMaker's deployment guardrails.

terraform/variables.tf types the same fields with the same defaults; tests/refit/pipeline/test_schema_is_terraforms.py
holds the two equal. The rules: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

ALL_AT_ONCE = "all-at-once"
LEAST_LINEAR_PERCENT = 10


class Deployment(Section):
    """How a new model takes over the traffic of the old one, and what takes it back.

    `all-at-once` is one step without a watch. The others move a batch of the instances, wait, and go back to the old
    model when an alarm rings meanwhile: `canary` moves one batch and then the rest, `linear` batch after batch, both
    beside the whole old fleet; `rolling` replaces the old fleet batch by batch. The first deployment has nothing to
    take over from, and needs none of this.
    """

    strategy: Annotated[
        Literal["all-at-once", "canary", "linear", "rolling"],
        Constraint(
            'be "all-at-once", "canary", "linear" or "rolling"',
            'endpoint = { instance_count = 4, deployment = { strategy = "canary" } }',
        ),
    ] = "all-at-once"
    """How the traffic moves."""
    batch_percent: Annotated[
        int,
        Field(ge=5, le=50),
        Constraint(
            "be between 5 and 50, from 10 on with linear",
            'endpoint = { instance_count = 4, deployment = { strategy = "linear", batch_percent = 25 } }',
        ),
    ] = 25
    """The share of the instances that moves at a time; a part of an instance counts as one."""
    wait_seconds: Annotated[
        int,
        Field(ge=0, le=3_600),
        Constraint(
            "be between 0 and 3600",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", wait_seconds = 600 } }',
        ),
    ] = 300
    """How long the alarms are watched after a batch, before the next moves."""
    termination_wait_seconds: Annotated[
        int,
        Field(ge=0, le=3_600),
        Constraint(
            "be between 0 and 3600",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", termination_wait_seconds = 120 } }',
        ),
    ] = 0
    """How long the old fleet stays, and the alarms are watched, once all traffic has moved; not with `rolling`."""
    timeout_minutes: Annotated[
        int | None,
        Field(ge=10, le=480),
        Constraint(
            "be between 10 and 480, which is eight hours",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", timeout_minutes = 30 } }',
        ),
    ] = None
    """After how many minutes SageMaker gives up and goes back; unwritten, after its own limit."""
    alarms: Annotated[
        tuple[value_types.AlarmName, ...],
        Field(max_length=10),
        Constraint(
            "hold at most ten names of alarms, without wildcards",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", alarms = ["my-endpoint-errors"] } }',
            Code.BAD_NAME,
        ),
    ] = ()
    """The CloudWatch metric alarms that take the old model back; unwritten, the stack's own on failing requests."""

    @property
    def guarded(self) -> bool:
        """Whether the traffic moves in steps, under the watch of alarms."""
        return self.strategy != ALL_AT_ONCE

    @property
    def waits_seconds(self) -> int:
        """How long SageMaker waits at most: once for a canary, otherwise after each batch; and for the old fleet."""
        waits = 1 if self.strategy == "canary" else ceil(100 / self.batch_percent)
        return self.wait_seconds * waits + self.termination_wait_seconds if self.guarded else 0

    def most_of(self, instance_count: int) -> int:
        """How many of so many instances a batch has."""
        return ceil(instance_count * self.batch_percent / 100)

    def broken_rules(self, given: ValidationContext) -> Iterator[Violation]:
        if not self.guarded:
            for name in sorted(self.model_fields_set - {"strategy"}):
                message = f"endpoint.deployment.{name} does nothing with the strategy all-at-once"
                yield Violation((name,), Code.OTHER_STRATEGY, message, 'write strategy = "canary" beside it')
            return
        if self.strategy == "rolling" and self.termination_wait_seconds:
            message = "endpoint.deployment.termination_wait_seconds does nothing with the strategy rolling"
            yield Violation(("termination_wait_seconds",), Code.OTHER_STRATEGY, message, "remove it")
        if self.strategy == "linear" and self.batch_percent < LEAST_LINEAR_PERCENT:
            message = f"endpoint.deployment.batch_percent must be at least 10 with linear, got {self.batch_percent}"
            yield Violation(("batch_percent",), Code.OUT_OF_RANGE, message, "write batch_percent = 10")
        if self.timeout_minutes is not None and self.timeout_minutes * 60 <= self.waits_seconds:
            yield self.too_short("endpoint.deployment.timeout_minutes", self.timeout_minutes, ("timeout_minutes",))

    def too_short(self, field: str, minutes: int, path: tuple[str, ...]) -> Violation:
        """What is wrong with a limit that the waits alone would reach."""
        least = self.waits_seconds // 60 + 1
        message = f"{field} must be more than the {self.waits_seconds} seconds that the deployment waits, got {minutes}"
        return Violation(path, Code.WAITS_TOO_LONG, message, f"write timeout_minutes = {least}, or wait less")
