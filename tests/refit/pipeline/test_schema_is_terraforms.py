"""terraform/variables.tf and driver/refit/pipeline/model.py type the same fields: same names, types and defaults."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import hcl2
import pytest
from hcl2.utils import SerializationOptions
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.pipeline.model import Pipeline

ROOT = Path(__file__).parents[3]
MAIN = (ROOT / "terraform" / "main.tf").read_text()
NOT_IN_FILES = {"environment", "embedded_cloud", "permissions_boundary"}
SCALARS = {str: "string", date: "string", int: "number", float: "number", bool: "bool"}
OPTIONS = SerializationOptions(strip_string_quotes=True, explicit_blocks=False)


@cache
def variables() -> dict[str, dict[str, Any]]:
    with (ROOT / "terraform" / "variables.tf").open() as file:
        blocks = hcl2.load(file, serialization_options=OPTIONS)["variable"]
    return {name: block for entry in blocks for name, block in entry.items()}


def type_of(constraint: str) -> Any:
    """A type constraint of Terraform as data: `object` → dict of (type, required, default)."""
    tokens = re.findall(
        r'"[^"]*"|\w+|[^\s\w]', constraint.removeprefix("${").removesuffix("}") if constraint[0] == "$" else constraint
    )
    parsed, rest = _parse(tokens)
    assert rest == []
    return parsed


def _parse(tokens: list[str]) -> tuple[Any, list[str]]:
    head, *rest = tokens
    if head in ("object", "optional", "map", "list"):
        assert rest[0] == "("
        if head == "object":
            fields, rest = _fields(rest[1:])
            return fields, rest[1:]
        inner, rest = _parse(rest[1:])
        if head != "optional":
            return (head, inner), rest[1:]
        default = None
        if rest[0] == ",":
            close = next(i for i, token in enumerate(rest) if token == ")")
            default, rest = json.loads("".join(rest[1:close])), rest[close:]
        return ("optional", inner, default), rest[1:]
    return head, rest


def _fields(tokens: list[str]) -> tuple[dict[str, Any], list[str]]:
    fields: dict[str, Any] = {}
    rest = tokens[1:]
    while rest[0] != "}":
        name, equals, *rest = rest
        assert equals == "="
        fields[name], rest = _parse(rest)
        rest = rest[1:] if rest[0] == "," else rest
    return fields, rest[1:]


def ours(annotation: Any) -> Any:
    """A field's type of ours, as Terraform would write it."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return ours(args[0])
    if origin in (Union, UnionType):
        (inner,) = [arg for arg in args if arg is not NoneType]
        return ours(inner)
    if origin is Literal:
        return ours(type(args[0]))
    if origin is dict:
        return ("map", ours(args[1]))
    if origin is tuple:
        return ("list", ours(args[0]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: member(field) for name, field in annotation.model_fields.items()}
    return SCALARS[annotation]


def member(field: FieldInfo) -> Any:
    """A field of an object type, optional with its default or required."""
    if field.is_required():
        return ours(field.annotation)
    return ("optional", ours(field.annotation), written(field.default))


def written(default: Any) -> Any:
    """A default as Terraform has it; that of a section is what is written in it, which is nothing."""
    if isinstance(default, BaseModel):
        return default.model_dump(exclude_unset=True)
    return json.loads(json.dumps(default))


def test_both_know_the_same_fields() -> None:
    assert set(variables()) - NOT_IN_FILES == set(Pipeline.model_fields)


@pytest.mark.parametrize("name", Pipeline.model_fields)
def test_both_give_a_field_the_same_type(name: str) -> None:
    assert type_of(variables()[name]["type"]) == ours(Pipeline.model_fields[name].annotation)


@pytest.mark.parametrize("name", Pipeline.model_fields)
def test_both_give_a_field_the_same_default(name: str) -> None:
    variable, field = variables()[name], Pipeline.model_fields[name]
    assert ("default" not in variable) == field.is_required()
    if not field.is_required():
        assert variable["default"] == written(field.default)


@pytest.mark.parametrize("name", Pipeline.model_fields)
def test_a_null_means_the_default_in_both(name: str) -> None:
    variable = variables()[name]
    assert (variable.get("nullable", True) is False) == (variable.get("default", "required") is not None)


LEAST: dict[str, Any] = {"pipeline": "home-prices", "data": {"prefix": "data/", "feature_dim": 13}}
UNLESS = {
    "local.direct": {"orchestration": "polling"},
    "var.gate == null": {"gate": {"metric": "train:mse", "max": 60}},
    "var.arrival == null": {"arrival": {}},
}
"""What Terraform asks before it makes some Lambdas, and the fields with which it makes them."""


def handlers_of_terraform() -> dict[str, set[str]]:
    """The Lambdas in terraform/main.tf by what keeps them away; "" for those that every pipeline has."""
    (listing,) = re.findall(r"  handlers = toset\(concat\(\n(.*?)\n  \)\)", MAIN, re.DOTALL)
    lines = (line.strip().removesuffix(",") for line in listing.splitlines())
    return {unless: set(json.loads(names)) for unless, _, names in (line.rpartition(" ? [] : ") for line in lines)}


HANDLERS = handlers_of_terraform()


def test_both_give_every_pipeline_the_same_lambdas() -> None:
    assert set(Pipeline.model_validate(LEAST).handlers) == HANDLERS[""]
    assert HANDLERS.keys() == {"", *UNLESS}


@pytest.mark.parametrize("unless", UNLESS)
def test_both_give_a_pipeline_the_lambdas_of_what_it_declares(unless: str) -> None:
    declared = Pipeline.model_validate(LEAST | UNLESS[unless]).handlers
    assert set(declared) == HANDLERS[""] | HANDLERS[unless]


def test_terraform_fills_in_the_placeholders_that_are_checked() -> None:
    (given,) = re.findall(r"substitutions = merge\((.*?)\}\)", MAIN, re.DOTALL)
    literal = set(re.findall(r"^ +(\w+) += ", given, re.MULTILINE))
    functions = {f"{handler}_arn" for handlers in HANDLERS.values() for handler in handlers}
    assert literal | functions == PLACEHOLDERS | {"object_arrived_arn"}  # EventBridge calls that one
