"""The endpoint section of a pipeline file: the instances that serve the model, and how a new model is deployed."""

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
            "be 1 to 63 letters and digits, with hyphens only between them",
            'endpoint = { name = "home-prices" }',
            Code.BAD_NAME,
        ),
    ] = None
    """The endpoint's name; if omitted, the pipeline's name."""
    instance_type: Annotated[
        value_types.InstanceType,
        Constraint(
            "be a SageMaker instance type, ml.<family>.<size>",
            'endpoint = { instance_type = "ml.m5.large" }',
            Code.BAD_INSTANCE_TYPE,
        ),
    ] = "ml.m5.large"
    """The instance type that serves the model."""
    instance_count: Annotated[
        int, Field(ge=1, le=100), Constraint("be between 1 and 100", "endpoint = { instance_count = 2 }")
    ] = 1
    """The number of instances that serve the model."""
    timeout_minutes: Annotated[
        int,
        Field(ge=1, le=1_440),
        Constraint("be between 1 and 1440, which is one day", "endpoint = { timeout_minutes = 60 }"),
    ] = 60
    """The number of minutes after which an incomplete deployment counts as failed."""
    deployment: Annotated[
        Deployment,
        Constraint("be an object", 'endpoint = { instance_count = 4, deployment = { strategy = "canary" } }'),
    ] = Deployment.defaults()
    """How traffic is shifted to a new model."""
    keep: Annotated[int, Field(ge=2, le=100), Constraint("be between 2 and 100", "endpoint = { keep = 5 }")] = 5
    """The number of deployed models that are kept for a rollback, including the live one."""

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        yield from self.deployment.fleet_rules(self.instance_count)
        if self.timeout_minutes * 60 <= self.deployment.waits_seconds:
            yield self.deployment.too_short("endpoint.timeout_minutes", self.timeout_minutes, ("timeout_minutes",))
