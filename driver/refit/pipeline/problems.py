"""Converts pydantic's validation errors to problems: the location, what is wrong, and what to write instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import PurePosixPath

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from refit.domain.formatting import counted
from refit.errors import Problem
from refit.pipeline import repair
from refit.pipeline.field_types import element_of, section_of
from refit.pipeline.hcl.located import Invalid, Located, Path, dotted
from refit.pipeline.schema import value_types
from refit.pipeline.schema.constraints import VIOLATIONS, Constraint, Violation
from refit.problem_codes import Code

TYPES = {
    "bool_type": "true or false",
    "dict_type": "an object, { … }",
    "float_type": "a number",
    "int_type": "a whole number",
    "model_attributes_type": "an object, { … }",
    "model_type": "an object, { … }",
    "string_type": "a string in double quotes",
    "tuple_type": "a list, [ … ]",
}
"""pydantic's error types for a value of the wrong type, and the type that the field takes."""

CODES = {
    "greater_than_equal": Code.OUT_OF_RANGE,
    "less_than": Code.OUT_OF_RANGE,
    "less_than_equal": Code.OUT_OF_RANGE,
    "literal_error": Code.NOT_A_CHOICE,
    "too_long": Code.TOO_MANY,
}
"""pydantic's error types that determine the problem code; for the others the field's Constraint has the code."""

SET_ELSEWHERE = {
    "embedded_cloud": "remove it: the pipelines in the folder local run on the embedded cloud",
    "environment": "remove it: the folder of the file is the environment",
    "permissions_boundary": "remove it: the workflows set it, as TF_VAR_permissions_boundary",
}
"""Terraform variables that a pipeline file must not set."""

EXAMPLE = "home-prices"
"""The name of the pipeline in the examples of the constraints."""

KEY = "[key]"
"""How pydantic marks an error in a key of a map, as opposed to its value."""


def of_validation(error: ValidationError, model: type[BaseModel], root: Located, file: str) -> Iterator[Problem]:
    """The problems in a ValidationError of `model`; values that could not be parsed have already been reported."""
    for item in error.errors(include_url=False, include_input=False):
        path = tuple(step for step in item["loc"] if step != KEY)
        *_, nearest = root.follow(path)
        if isinstance(nearest.value, Invalid):
            continue
        where = nearest.file or file
        match item["type"]:
            case "missing":
                message = f"{dotted(path)} is missing"
                instead = _example(_constraint(model, path)[1], file)
                yield Problem(where, *nearest.location, Code.MISSING_FIELD, message, f"write {instead}")
            case "extra_forbidden":
                message = f"there is no field {dotted(path)}"
                yield Problem(where, *nearest.name_location, Code.UNKNOWN_FIELD, message, _suggestion(model, path))
            case kind if kind == VIOLATIONS:
                yield from (of_violation(root, path, violation, file) for violation in item["ctx"][VIOLATIONS])
            case kind:
                yield _bad_value(nearest, path, kind, model, file, about_key=KEY in item["loc"])


def of_violation(root: Located, path: Path, violation: Violation, file: str) -> Problem:
    """The problem for a broken rule, located at the value concerned or at the nearest value in the file."""
    *_, nearest = root.follow(violation.path if violation.from_root else (*path, *violation.path))
    return Problem(nearest.file or file, *nearest.location, violation.code, violation.message, violation.hint)


def _bad_value(
    literal: Located, path: Path, kind: str, model: type[BaseModel], file: str, *, about_key: bool
) -> Problem:
    field, constraint, info = _constraint(model, path)
    if about_key:
        message = f"{dotted(field)} must {constraint.be}, got the name {_short(json.dumps(path[-1]))}"
        instead = repair.repaired_key(info, str(path[-1]), literal.plain()) or _example(constraint, file)
        return Problem(literal.file or file, *literal.name_location, Code.BAD_NAME, message, f"write {instead}")
    must = f"{dotted(path)} must be {TYPES[kind]}" if kind in TYPES else f"{dotted(field)} must {constraint.be}"
    if kind == "int_type" and isinstance(literal.value, float) and literal.value.is_integer():
        must += " without a point or an exponent"
    code = Code.WRONG_TYPE if kind in TYPES else CODES.get(kind, constraint.code)
    value = _own_name(file) if path == ("pipeline",) and _own_name(file) else literal.plain()
    instead = repair.repaired(info, path, len(field), value) or _example(constraint, file)
    return Problem(literal.file or file, *literal.location, code, f"{must}, got {_shown(literal)}", f"write {instead}")


def _example(constraint: Constraint, file: str) -> str:
    """What to write, with the name of the file's pipeline in the place of the example's."""
    return constraint.write.replace(EXAMPLE, _own_name(file) or EXAMPLE)


def _own_name(file: str) -> str:
    """The name that the pipeline in this file must have; empty if the file must be renamed."""
    stem = PurePosixPath(file).stem
    return stem if len(stem) <= 32 and re.fullmatch(value_types.PIPELINE_NAME, stem) else ""


def _constraint(model: type[BaseModel], path: Path) -> tuple[Path, Constraint, FieldInfo]:
    """The path of the innermost field along `path`, its constraint, and the field."""
    found = [
        (path[:depth], constraint, field)
        for depth, field in _fields(model, path)
        for constraint in field.metadata
        if isinstance(constraint, Constraint)
    ]
    return found[-1]


def _suggestion(model: type[BaseModel], path: Path) -> str:
    """The hint for an unknown field: a similar name, or the names of the fields."""
    *parents, name = path
    if not parents and name in SET_ELSEWHERE:
        return SET_ELSEWHERE[str(name)]
    section: type[BaseModel] | None = model
    for _, field in _fields(model, parents):
        section = section_of(field) or element_of(field)
    names = list(section.model_fields) if section else []
    close = get_close_matches(str(name), names, 1)
    return f"did you mean {close[0]}?" if close else f"the fields here are {', '.join(names)}"


def _fields(model: type[BaseModel] | None, path: Path) -> Iterator[tuple[int, FieldInfo]]:
    """The fields along `path`, as far as the schema defines them, each with the number of steps that lead to it."""
    for depth, step in enumerate(path, start=1):
        if isinstance(step, int) and model is not None:
            continue  # an element of a list of objects, whose fields follow
        field = model.model_fields.get(str(step)) if model else None
        if field is None:
            return
        yield depth, field
        model = section_of(field) or element_of(field)


def _shown(literal: Located) -> str:
    """A value on one short line, as it would be written in a file."""
    value = literal.value
    if isinstance(value, Mapping):
        return f"an object with {counted(len(value), 'field')}"
    if isinstance(value, tuple):
        return f"a list with {counted(len(value), 'value')}" if value else "an empty list"
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:56]}…"
