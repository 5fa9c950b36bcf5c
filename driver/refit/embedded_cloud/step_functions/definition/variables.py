"""Checks Assign: the names of variables, in which scope they are, and in JSONPath states the template of their values.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-jsonpath-syntax.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, error, schema
from refit.embedded_cloud.step_functions.definition.forms import Place
from refit.embedded_cloud.step_functions.definition.scopes import Language, Scope
from refit.embedded_cloud.step_functions.definition.templates import template
from refit.embedded_cloud.step_functions.evaluation.variable_limits import RESERVED, wrong_name


def assign(value: Any, place: Place) -> Diagnostics:
    """An object of values by the names of variables."""
    yield from template(value, place)
    if not isinstance(value, dict):
        return
    for name in _names(value, place.language):
        if words := wrong_name(name):
            code = "RESERVED_VARIABLE_NAME" if name == RESERVED else "INVALID_VARIABLE_NAME"
            yield error(code, words, place.location)


def check_scopes(scopes: list[Scope]) -> Diagnostics:
    """A scope does not assign a variable that a scope around it assigns. The page above says so; the words are ours."""
    assigned: dict[int, set[str]] = {}
    for scope in scopes:
        outer = assigned[id(scope.outer)] if scope.outer else set()
        own = list(_assigned(scope))
        for name, location in own:
            if name in outer:
                words = f"Variable '{name}' is assigned in an outer scope and cannot be assigned in this one"
                yield schema(words, location)
        assigned[id(scope)] = outer | {name for name, _ in own}


def _assigned(scope: Scope) -> Iterator[tuple[str, str]]:
    """The variables that the states of a scope assign, each with the location of its Assign."""
    for state in scope.states:
        for holder, location in ((state.fields, state.location), *state.rules):
            value = holder.get("Assign")
            for name in _names(value, state.language) if isinstance(value, dict) else ():
                yield name, f"{location}/Assign"


def _names(value: Mapping[str, Any], language: Language) -> list[str]:
    return [name.removesuffix(".$") if language == "JSONPath" else name for name in value]
