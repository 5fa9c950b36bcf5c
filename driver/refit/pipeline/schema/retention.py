"""The retention section of a pipeline file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint


class Retention(Section):
    """After how many days S3 deletes what runs wrote."""

    run_days: Annotated[
        int,
        Field(ge=1, le=36_500),
        Constraint("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }"),
    ]
    """After how many days the files of runs below `runs/` go."""
    model_days: Annotated[
        int,
        Field(ge=1, le=36_500),
        Constraint("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }"),
    ]
    """After how many days models go, one that still serves too: choose it longer than a model may live."""
