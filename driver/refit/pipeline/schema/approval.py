"""The approval section of a pipeline file: whether a new model needs a manual approval before it is deployed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint


class Approval(Section):
    """Makes a run wait before it deploys, until a user runs `refit approve` or `refit reject`."""

    timeout_minutes: Annotated[
        int,
        Field(ge=1, le=10_080),
        Constraint("be between 1 and 10080, which is a week", "approval = { timeout_minutes = 1440 }"),
    ] = 1_440
    """The number of minutes to wait for an answer before the model is rejected."""
