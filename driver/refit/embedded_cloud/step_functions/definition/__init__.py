"""Checks a definition in the Amazon States Language as CreateStateMachine does, in AWS's words.

What it refuses, UpdateStateMachine refuses too, and ValidateStateMachineDefinition reports.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import (
    Diagnostic,
    Diagnostics,
    error,
    invalid_definition_message,
    schema,
)
from refit.embedded_cloud.step_functions.definition.forms import check_form
from refit.embedded_cloud.step_functions.definition.json_text import read
from refit.embedded_cloud.step_functions.definition.resources import MachineType
from refit.embedded_cloud.step_functions.definition.scopes import Scope, scopes
from refit.embedded_cloud.step_functions.definition.state_forms import MACHINE
from refit.embedded_cloud.step_functions.definition.states import check_state
from refit.embedded_cloud.step_functions.definition.transitions import check_names, check_transitions
from refit.embedded_cloud.step_functions.definition.variables import check_scopes

__all__ = ["Diagnostic", "MachineType", "check", "invalid_definition_message"]


def check(definition: str, machine_type: MachineType = "STANDARD") -> list[Diagnostic]:
    """All findings about a definition, given as JSON text. One of severity ERROR refuses it; warnings do not."""
    machine = read(definition)
    if isinstance(machine, Diagnostic):
        return [machine]
    try:
        return list(_check(machine, machine_type))
    except RecursionError:
        return [error("TOO_DEEPLY_NESTED", "The definition is too deeply nested")]


def _check(machine: dict[str, Any], machine_type: MachineType) -> Diagnostics:
    every = list(scopes(machine))
    language = every[0].language
    yield from check_form(machine, MACHINE, "", language)
    for scope in every:
        yield from _not_objects(scope)
        for state in scope.states:
            yield from check_state(state, language, machine_type)
    yield from check_names(every)
    yield from check_scopes(every)
    for scope in every:
        yield from check_transitions(scope)


def _not_objects(scope: Scope) -> Diagnostics:
    for name, state in scope.named.items():
        if not isinstance(state, dict):
            yield schema("Expected value of type [OBJECT]", f"{scope.location}/States/{name}")
