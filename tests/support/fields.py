"""All fields of a pipeline file, a pipeline with all sections, and a different value for any field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from refit.pipeline.field_types import section_of
from refit.pipeline.model import Pipeline

WHOLE: dict[str, Any] = {
    "pipeline": "prices",
    "data": {
        "prefix": "data/prices/",
        "feature_dim": 13,
        "stale_after_days": 3,
        "layout": "dt=%Y-%m-%d/",
        "ready": "_SUCCESS",
        "schema": tuple({"name": f"x{at}", "min": 0} for at in range(14)),
        "rows": {"min": 1, "max_change": 0.5},
        "on_bad_day": "skip",
        "content_type": "text/csv; label_size=1",
        "check_layer_arn": "arn:aws:lambda:us-west-2:123456789012:layer:pyarrow:1",
    },
    "drift": {"max_psi": 0.25},
    "window": {"days": 7, "holdout_days": 1},
    "training": {
        "image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1",
        "source": "examples/mine",
        "metrics": {"validation:mse": "mse=(.+)"},
    },
    "endpoint": {"instance_count": 4, "deployment": {"strategy": "linear", "timeout_minutes": 60}},
    "gate": {"metric": "validation:mse", "max": 60, "max_regression": 0.1},
    "arrival": {},
    "approval": {},
    "slack": {"channel": "ml-deployments", "token_parameter": "/refit/slack-token"},
    "retention": {"run_days": 90, "model_days": 365},
}
"""A pipeline file with every section."""

PINNED: dict[str, Any] = {
    **WHOLE,
    "window": {"start": "2026-11-01", "end": "2026-11-07", "holdout_days": 1},
    "training": {},
}
"""The same file with a pinned window and with Linear Learner."""
OTHER_WINDOWS = [
    {
        **PINNED,
        "data": {"prefix": "data/prices/", "feature_dim": 13},
        "drift": None,
        "window": {**kind, "holdout_days": 1},
    }
    for kind in ({"weeks": 2}, {"months": 2}, {"expanding_from": "2025-01-01"})
]
"""The same file with windows that move with the calendar or grow."""


def leaves(model: type[BaseModel] = Pipeline, prefix: str = "") -> Iterator[str]:
    """The dotted names of all fields that are not sections, such as `window.days`."""
    for name, field in model.model_fields.items():
        section = section_of(field)
        yield from leaves(section, f"{prefix}{name}.") if section else [f"{prefix}{name}"]


def pipelines(field: str) -> list[Pipeline]:
    """Valid pipelines that set `field`, in both orchestrations; all pipelines if none sets it."""
    files = (
        {**file, "orchestration": name} for file in (WHOLE, PINNED, *OTHER_WINDOWS) for name in ("direct", "polling")
    )
    found = [Pipeline.model_validate(file) for file in files]
    return [pipeline for pipeline in found if value_of(pipeline, field) is not None] or found


def value_of(model: Any, field: str) -> Any:
    """The value of the field with this dotted name; None if its section is omitted."""
    for name in field.split("."):
        model = getattr(model, name) if model is not None else None
    return model


def with_another_value(model: Any, field: str) -> Any:
    """A copy of the model in which `field` has a different value of its type. The copy is not validated."""
    name, _, rest = field.partition(".")
    now = getattr(model, name)
    value = with_another_value(now, rest) if rest else another(type(model).model_fields[name].annotation, now)
    return model.model_copy(update={name: value})


def another(annotation: Any, value: Any) -> Any:
    """A value of the type that differs from `value`, in a form that the templates accept."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return another(args[0], value)
    if origin in (Union, UnionType):
        return another(next(arg for arg in args if arg is not NoneType), value)
    if origin is Literal:
        return next(arg for arg in args if arg != value)
    if origin is dict:
        return {**(value or {}), "another": "(x)"}
    if origin is tuple and isinstance(args[0], type) and issubclass(args[0], BaseModel):
        return (*(value or ()), args[0](name="another"))
    if origin is tuple:
        return (*(value or ()), "another")
    if annotation is bool:
        return not value
    if annotation in (int, float):
        return (value or 0) + 1
    if annotation is date:
        return date(2026, 11, 1) if value is None else value.replace(year=value.year - 1)
    assert annotation is str, annotation
    text = value or ""
    if not re.search(r"\d", text):
        return f"a{text}"
    # Changing a digit keeps the form of texts such as rate(1 day) or ml.m5.large.
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)
