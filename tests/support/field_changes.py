"""A pipeline, and the change from one value of it to another."""

from typing import Any

from refit.pipeline.model import Pipeline
from refit.plan.field_changes import Change, changes

KEY = "prod/prices"


LEAST: dict[str, Any] = {"pipeline": "prices", "data": {"prefix": "data/prices/", "feature_dim": 13}}


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate(LEAST | fields)


def change(before: Pipeline, after: Pipeline) -> Change | None:
    found = changes({KEY: before}, {KEY: after})
    assert len(found) <= 1
    return found[0] if found else None
