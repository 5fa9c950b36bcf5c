"""The endpoint section: what serves the model, and the rules between the fleet and the way that its traffic moves.

terraform/variables.tf types the same fields with the same defaults; tests/refit/pipeline/test_schema_is_terraforms.py
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.pipeline.schema.deployment import Deployment
from refit.problem_codes import Code


class Endpoint(Section):
    """The endpoint that serves the model."""

    name: Annotated[
        value_types.EndpointName | None,
        Constraint(
            "be 1 to 63 letters, digits and hyphens between them",
            'endpoint = { name = "home-prices" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The endpoint's name; unwritten, the pipeline's."""
    instance_type: Annotated[
        value_types.InstanceType,
        Constraint(
            "be an instance type of SageMaker, ml.<family>.<size>",
            'endpoint = { instance_type = "ml.m5.large" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.large"
    """The machine that serves."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Constraint("be between 1 and 100", "endpoint = { instance_count = 2 }")
    ] = 1
    """How many machines serve."""
    timeout_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between 1 and 1440, which is one day", "endpoint = { timeout_minutes = 60 }"),
    ] = 60
    """After how many minutes a deployment that is not ready counts as failed."""
    deployment: Annotated[
        Deployment,
        Constraint("be an object", 'endpoint = { instance_count = 4, deployment = { strategy = "canary" } }'),
    ] = Deployment()
    """How a new model takes over the traffic."""
    keep: Annotated[int, Field(ge=2, le=100), Constraint("be between 2 and 100", "endpoint = { keep = 5 }")] = 5
    """How many deployed versions stay, with their models, for a rollback; the one that serves is the first of them."""

    def broken_rules(self, given: ValidationContext) -> Iterator[Violation]:
        deployment = self.deployment
        if not deployment.guarded:
            return
        batch, half = deployment.most_of(self.instance_count), self.instance_count // 2
        if self.instance_count == 1:
            message = f"endpoint.deployment.strategy must be all-at-once with one instance, got {deployment.strategy}"
            hint = "write instance_count = 2: at most half of the instances may move at a time"
            yield Violation(("deployment", "strategy"), Code.BATCH_TOO_LARGE, message, hint)
        elif batch > half:
            message = (
                f"endpoint.deployment.batch_percent must be at most half of the {self.instance_count} instances, "
                f"got {deployment.batch_percent}, which is {batch}"
            )
            hint = f"write batch_percent = {100 * half // self.instance_count}"
            yield Violation(("deployment", "batch_percent"), Code.BATCH_TOO_LARGE, message, hint)
        if self.timeout_minutes * 60 <= deployment.waits_seconds:
            yield deployment.too_short("endpoint.timeout_minutes", self.timeout_minutes, ("timeout_minutes",))
