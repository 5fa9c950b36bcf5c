"""Checks a JSON object against a form: which fields it may have, must have, and what their values must be.

The words were measured on AWS with ValidateStateMachineDefinition: badmintoncryer/cdk-preflight, rules/stepfunctions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, schema
from refit.embedded_cloud.step_functions.definition.scopes import Language


@dataclass(frozen=True)
class Place:
    """Where a value is: the location of its object, and its field."""

    owner: str
    field: str
    language: Language

    @property
    def location(self) -> str:
        """The location of the value."""
        return f"{self.owner}/{self.field}"


Check = Callable[[Any, Place], Diagnostics]


@dataclass(frozen=True)
class Field:
    """A field: what its value must be, and the only query language that has it (None: both have it)."""

    check: Check
    only: Language | None = None


@dataclass(frozen=True)
class Form:
    """The fields of an object, those that it needs, and the groups of which it has exactly or at most one."""

    fields: Mapping[str, Field]
    required: tuple[str, ...] = ()
    exactly_one: tuple[tuple[str, ...], ...] = ()
    at_most_one: tuple[tuple[str, ...], ...] = ()

    def with_fields(self, **fields: Field) -> Form:
        """The form with further fields."""
        return replace(self, fields={**self.fields, **fields})


def check_form(value: Any, form: Form, location: str, language: Language) -> Diagnostics:
    """What is wrong with an object at `location`, which is "" for the state machine."""
    here = location or "/"
    if not isinstance(value, dict):
        yield schema("Expected value of type [OBJECT]", here)
        return
    if missing := [field for field in form.required if field not in value]:
        yield schema(f"These fields are required: [{', '.join(missing)}]", here)
    for group in form.exactly_one:
        if not any(field in value for field in group):
            yield schema(f"This object should have only one of the following fields: [{', '.join(group)}]", here)
    for group in (*form.exactly_one, *form.at_most_one):
        if sum(field in value for field in group) > 1:
            yield schema(f"There should only be one of the following fields: [{', '.join(group)}]", here)
    for name, member in value.items():
        field = form.fields.get(name)
        if field is None:
            yield schema(f"Field '{name}' is not supported", here)
        elif field.only not in (None, language):
            yield schema(other_language(name, language), here)
        else:
            yield from field.check(member, Place(location, name, language))


def other_language(field: str, language: Language) -> str:
    """The message about a field of the other query language; AWS gives it the location of the object."""
    only = "JSONPath" if language == "JSONata" else "JSONata"
    words = f"The QueryLanguage is set to '{language}', but field '{field}' is only supported"
    return f"{words} for the '{only}' QueryLanguage"
