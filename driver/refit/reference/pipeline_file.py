"""Generates the reference of the pipeline file as Markdown: type, default, description and constraint of each field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from refit.pipeline.field_types import element_of, section_of, value_type
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.constraints import Constraint
from refit.pipeline.schema.descriptions import descriptions

TYPES = {str: "string", date: "string", int: "whole number", float: "number", bool: "`true` or `false`"}
HEADER = "| field | type | default | description | it must |\n|---|---|---|---|---|"


def fields() -> str:
    """The tables of all fields, each with examples that are valid as they are."""
    return "\n".join([*_table(Pipeline), *(line for section in _sections() for line in _section(*section))]) + "\n"


def _sections(within: type[BaseModel] = Pipeline, prefix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Every section below a model, each followed by the sections in it, with its dotted name."""
    for name, field in within.model_fields.items():
        if model := section_of(field) or element_of(field):
            yield f"{prefix}{name}", model
            yield from _sections(model, f"{prefix}{name}.")


def _section(name: str, model: type[BaseModel]) -> Iterator[str]:
    yield from ("", f"## `{name}`", "", " ".join((model.__doc__ or "").split()), "")
    yield from _table(model, f"{name}.")


def _table(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    described = descriptions(model)
    yield HEADER
    for name, field in model.model_fields.items():
        anchor = f"{prefix}{name}".replace(".", "")
        link = f"[`{name}`](#{anchor})" if section_of(field) or element_of(field) else f"`{name}`"
        rule = "" if section_of(field) else _escaped(_constraint(field).be)
        yield f"| {link} | {_type(field.annotation)} | {_default(field)} | {described[name]} | {rule} |"
    examples = dict.fromkeys(_constraint(field).write for field in model.model_fields.values() if not section_of(field))
    yield from ("", "```hcl", *examples, "```")


def _constraint(field: FieldInfo) -> Constraint:
    return next(one for one in field.metadata if isinstance(one, Constraint))


def _type(annotation: Any) -> str:
    kind = value_type(annotation)
    origin, args = get_origin(kind), get_args(kind)
    if origin is dict:
        return f"map of {_type(args[1])}s"
    if origin is tuple:
        return f"list of {_type(args[0])}s"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "object"
    return TYPES[kind]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    default = field.default
    if default is None or isinstance(default, BaseModel):
        return "" if default is None else "its defaults"
    return f"`{json.dumps(default)}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*")
