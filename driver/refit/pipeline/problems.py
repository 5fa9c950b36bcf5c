"""Turns what pydantic says about a value into what a person needs: the place, what is wrong, what to write instead."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from refit.errors import Problem
from refit.pipeline.hcl.located import Invalid, Located, Path, dotted
from refit.pipeline.schema.constraints import FINDINGS, Constraint, Violation
from refit.problem_codes import Code

KINDS = {
    "bool_type": "true or false",
    "dict_type": "an object, { … }",
    "float_type": "a number",
    "int_type": "a whole number",
    "model_attributes_type": "an object, { … }",
    "model_type": "an object, { … }",
    "string_type": "text in double quotes",
    "tuple_type": "a list, [ … ]",
}

# The kinds of pydantic that say by themselves what is wrong; of other kinds a field's Must knows.
CODES = {
    "greater_than_equal": Code.OUT_OF_RANGE,
    "less_than": Code.OUT_OF_RANGE,
    "less_than_equal": Code.OUT_OF_RANGE,
    "literal_error": Code.NOT_A_CHOICE,
    "too_long": Code.TOO_MANY,
}

# What Terraform sets and no file may.
ELSEWHERE = {
    "embedded_cloud": "remove it: the pipelines in the folder local run on the embedded cloud",
    "environment": "remove it: the folder of the file is the environment",
    "permissions_boundary": "remove it: the workflows set it, as TF_VAR_permissions_boundary",
}

NAME = "[key]"
"""How pydantic marks an error that is about a name in a map, not about its value."""


def problems(error: ValidationError, model: type[BaseModel], root: Located, file: str) -> Iterator[Problem]:
    """Every problem behind a ValidationError of `model`, except those of values that could not even be read."""
    for item in error.errors(include_url=False, include_input=False):
        path = tuple(step for step in item["loc"] if step != NAME)
        *_, nearest = root.follow(path)
        if isinstance(nearest.value, Invalid):
            continue
        match item["type"]:
            case "missing":
                word = _must(model, path)[1]
                message = f"{dotted(path)} is missing"
                yield Problem(file, *nearest.place, Code.MISSING_FIELD, message, f"write {word.write}")
            case "extra_forbidden":
                message = f"there is no field {dotted(path)}"
                yield Problem(file, *nearest.name, Code.UNKNOWN_FIELD, message, _known(model, path))
            case kind if kind == FINDINGS:
                yield from (broken(root, path, finding, file) for finding in item["ctx"][FINDINGS])
            case kind:
                yield _wrong(nearest, path, kind, model, file, about_name=NAME in item["loc"])


def broken(root: Located, path: Path, finding: Violation, file: str) -> Problem:
    """The problem of a broken rule, at the value that it is about or at the nearest one that is written."""
    *_, nearest = root.follow((*path, *finding.path))
    return Problem(file, *nearest.place, finding.code, finding.message, finding.hint)


def _wrong(literal: Located, path: Path, kind: str, model: type[BaseModel], file: str, *, about_name: bool) -> Problem:
    field, word = _must(model, path)
    if about_name:
        message = f"{dotted(field)} must {word.be}, got the name {_short(json.dumps(path[-1]))}"
        return Problem(file, *literal.name, Code.BAD_NAME, message, f"write {word.write}")
    must = f"{dotted(path)} must be {KINDS[kind]}" if kind in KINDS else f"{dotted(field)} must {word.be}"
    code = Code.WRONG_TYPE if kind in KINDS else CODES.get(kind, word.code)
    return Problem(file, *literal.place, code, f"{must}, got {_shown(literal)}", f"write {word.write}")


def _must(model: type[BaseModel], path: Path) -> tuple[Path, Constraint]:
    """What the schema says about the innermost field on the way to `path`, and that field's own path."""
    found = [
        (path[: depth + 1], word)
        for depth, field in enumerate(_fields(model, path))
        for word in field.metadata
        if isinstance(word, Constraint)
    ]
    return found[-1]


def _known(model: type[BaseModel], path: Path) -> str:
    """What to write in place of an unknown field."""
    *parents, name = path
    if not parents and name in ELSEWHERE:
        return ELSEWHERE[str(name)]
    section: type[BaseModel] | None = model
    for field in _fields(model, parents):
        section = section_of(field)
    known = list(section.model_fields) if section else []
    close = get_close_matches(str(name), known, 1)
    return f"did you mean {close[0]}?" if close else f"the fields here are {', '.join(known)}"


def _fields(model: type[BaseModel] | None, path: Path) -> Iterator[FieldInfo]:
    """The fields on the way to `path`, as far as the schema goes."""
    for step in path:
        field = model.model_fields.get(str(step)) if model else None
        if field is None:
            return
        yield field
        model = section_of(field)


def section_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model that a field holds, whether it may be null or not."""
    kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _shown(literal: Located) -> str:
    """A value in one short line, as a file would write it."""
    value = literal.value
    if isinstance(value, Mapping):
        return f"an object of {len(value)}"
    if isinstance(value, tuple):
        return f"a list of {len(value)}"
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:56]}…"
