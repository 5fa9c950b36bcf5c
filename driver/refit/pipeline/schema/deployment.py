"""The endpoint.deployment section of a pipeline file: how traffic is shifted to a new model (deployment guardrails).

SageMaker's rules: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
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
    """How traffic is shifted from the live model to a new one, and which alarms roll it back.

    `all-at-once` switches in one step, without monitoring. The other strategies shift one batch of the instances, wait,
    and roll back to the live model if an alarm fires in the meantime. `canary` shifts one batch and then the rest,
    `linear` shifts batch after batch; both keep the whole old fleet until the end. `rolling` replaces the old fleet
    batch by batch. None of this applies to the first deployment.
    """

    strategy: Annotated[
        Literal["all-at-once", "canary", "linear", "rolling"],
        Constraint(
            'be "all-at-once", "canary", "linear" or "rolling"',
            'endpoint = { instance_count = 4, deployment = { strategy = "canary" } }',
        ),
    ] = "all-at-once"
    """How the traffic is shifted."""
    batch_percent: Annotated[
        int,
        Field(ge=5, le=50),
        Constraint(
            "be between 5 and 50, and at least 10 with linear",
            'endpoint = { instance_count = 4, deployment = { strategy = "linear", batch_percent = 25 } }',
        ),
    ] = 25
    """The percentage of the instances in a batch, rounded up to whole instances."""
    wait_seconds: Annotated[
        int,
        Field(ge=0, le=3_600),
        Constraint(
            "be between 0 and 3600",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", wait_seconds = 600 } }',
        ),
    ] = 300
    """How long SageMaker monitors the alarms after each batch, before it shifts the next one."""
    termination_wait_seconds: Annotated[
        int,
        Field(ge=0, le=3_600),
        Constraint(
            "be between 0 and 3600",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", termination_wait_seconds = 120 } }',
        ),
    ] = 0
    """How long the old fleet is kept and the alarms are monitored after all traffic has shifted; not with `rolling`."""
    timeout_minutes: Annotated[
        int | None,
        Field(ge=10, le=480),
        Constraint(
            "be between 10 and 480, which is eight hours",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", timeout_minutes = 30 } }',
        ),
    ] = None
    """The number of minutes after which SageMaker stops and rolls back; if omitted, SageMaker's own limit applies."""
    alarms: Annotated[
        tuple[value_types.AlarmName, ...],
        Field(max_length=10),
        Constraint(
            "contain at most ten alarm names, without wildcards",
            'endpoint = { instance_count = 4, deployment = { strategy = "canary", alarms = ["my-endpoint-errors"] } }',
            Code.BAD_NAME,
        ),
    ] = ()
    """The CloudWatch alarms that roll a deployment back; if omitted, the stack's own alarm on failed requests."""

    @property
    def guarded(self) -> bool:
        """Whether the traffic is shifted in steps that alarms monitor."""
        return self.strategy != ALL_AT_ONCE

    @property
    def waits_seconds(self) -> int:
        """The maximum total wait in seconds: once for a canary, else after each batch, plus the termination wait."""
        waits = 1 if self.strategy == "canary" else ceil(100 / self.batch_percent)
        return self.wait_seconds * waits + self.termination_wait_seconds if self.guarded else 0

    def batch_size(self, instance_count: int) -> int:
        """The number of instances in a batch, of `instance_count` in all."""
        return ceil(instance_count * self.batch_percent / 100)

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if not self.guarded:
            for name in sorted(self.model_fields_set - {"strategy"}):
                message = f"endpoint.deployment.{name} has no effect with the strategy all-at-once"
                yield Violation((name,), Code.OTHER_STRATEGY, message, 'add strategy = "canary", or remove it')
            return
        if self.strategy == "rolling" and self.termination_wait_seconds:
            message = "endpoint.deployment.termination_wait_seconds has no effect with the strategy rolling"
            yield Violation(("termination_wait_seconds",), Code.OTHER_STRATEGY, message, "remove it")
        if self.strategy == "linear" and self.batch_percent < LEAST_LINEAR_PERCENT:
            message = f"endpoint.deployment.batch_percent must be at least 10 with linear, got {self.batch_percent}"
            yield Violation(("batch_percent",), Code.OUT_OF_RANGE, message, "write batch_percent = 10")
        if self.timeout_minutes is not None and self.timeout_minutes * 60 <= self.waits_seconds:
            yield self.too_short("endpoint.deployment.timeout_minutes", self.timeout_minutes, ("timeout_minutes",))

    def fleet_rules(self, instance_count: int) -> Iterator[Violation]:
        """The violations for an endpoint with `instance_count` instances: a batch may have at most half of them."""
        if not self.guarded:
            return
        batch, half = self.batch_size(instance_count), instance_count // 2
        if instance_count == 1:
            message = f"endpoint.deployment.strategy must be all-at-once with one instance, got {self.strategy}"
            hint = "write instance_count = 2: a batch may be at most half of the instances"
            yield Violation(("deployment", "strategy"), Code.BATCH_TOO_LARGE, message, hint)
        elif batch > half:
            message = (
                f"endpoint.deployment.batch_percent must be at most half of the {instance_count} instances, "
                f"got {self.batch_percent}, which is {batch}"
            )
            hint = f"write batch_percent = {100 * half // instance_count}"
            yield Violation(("deployment", "batch_percent"), Code.BATCH_TOO_LARGE, message, hint)

    def too_short(self, field: str, minutes: int, path: tuple[str, ...]) -> Violation:
        """The violation for a time limit that the waits alone would exceed."""
        least = self.waits_seconds // 60 + 1
        message = f"{field} must be more than the {self.waits_seconds} seconds that the deployment waits, got {minutes}"
        return Violation(path, Code.WAITS_TOO_LONG, message, f"write timeout_minutes = {least}, or shorten the waits")
