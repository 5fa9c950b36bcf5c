"""The retention section of a pipeline file: when S3 deletes what runs wrote."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from refit.pipeline.schema.base import Section
from refit.pipeline.schema.constraints import Constraint


class Retention(Section):
    """The number of days after which S3 deletes what runs wrote."""

    run_days: Annotated[
        int,
        Field(ge=1, le=36_500),
        Constraint("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }"),
    ]
    """The number of days after which the files of runs, below `runs/`, are deleted."""
    model_days: Annotated[
        int,
        Field(ge=1, le=36_500),
        Constraint("be between 1 and 36500", "retention = { run_days = 90, model_days = 365 }"),
    ]
    """The number of days after which models are deleted, even a live one: allow for the longest use of a model."""
