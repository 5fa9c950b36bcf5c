"""The approval section: whether a person is asked before a new model is deployed.

terraform/variables.tf types the same fields with the same defaults; tests/refit/pipeline/test_schema_is_terraforms.py
holds the two equal.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint


class Approval(Section):
    """Whether a run waits before it deploys until a person says `refit approve` or `refit reject`."""

    timeout_minutes: Annotated[
        int,
        Field(ge=1, le=10_080),
        Constraint("be between 1 and 10080, which is a week", "approval = { timeout_minutes = 1440 }"),
    ] = 1_440
    """After how many minutes without an answer the model counts as rejected."""
