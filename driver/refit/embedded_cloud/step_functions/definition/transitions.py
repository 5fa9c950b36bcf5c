"""Checks where a machine goes: targets, terminal states, states that nothing leads to, and names.

The words and their order were measured on AWS: floci-io/floci#2735 and #2786, localstack/localstack#12487,
badmintoncryer/cdk-preflight (pf-sfn-asl-duplicate-state-name, pf-sfn-asl-name-limits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostic, Diagnostics, error
from refit.embedded_cloud.step_functions.definition.scopes import Scope, State

MAX_NAME = 80
ENDS = ("Succeed", "Fail")


def check_names(scopes: list[Scope]) -> Diagnostics:
    """Names of states and labels are unique in the whole machine; a state's name has at most 80 characters."""
    names: set[str] = set()
    labels: set[str] = set()
    for scope in scopes:
        for name in scope.named:
            location = f"{scope.location}/States/{name}"
            if not name or len(name) > MAX_NAME:
                words = f"Invalid State name: '{name}' exceeds the {MAX_NAME}-character limit allowed by the service"
                yield error("INVALID_STATE_NAME", words if name else "Invalid State name: ''", location)
            if name in names:
                yield error("DUPLICATE_STATE_NAME", f"Duplicate State name: {name}", location)
            names.add(name)
        for state in scope.states:
            label = state.fields.get("Label")
            if state.type == "Map" and isinstance(label, str):
                if label in labels:
                    yield error("DUPLICATE_LABEL_NAME", f"Duplicate Label name: {label}", f"{state.location}/Label")
                labels.add(label)


def check_transitions(scope: Scope) -> Diagnostics:
    """Every target is a state of the scope, the machine ends, and every state can be reached from StartAt.

    A machine without a terminal state is told that alone; a scope inside it need not have one.
    """
    states = scope.states
    for state in states:
        yield from (_missing(target, where) for target, where in targets(state) if target not in scope.named)
    if scope.kind == "machine" and states and not any(map(_is_terminal, states)):
        yield error("MISSING_END_STATE", "Workflow has no terminal state")
        return
    start = scope.fields.get("StartAt")
    if not isinstance(start, str) or not scope.named:
        return
    if start not in scope.named:
        yield _missing(start, f"{scope.location}/StartAt")
    reached = _reached(start, {state.name: state for state in states})
    for name in scope.named:
        if name not in reached:
            words = f'State "{name}" is not reachable.'
            yield error("MISSING_TRANSITION_TARGET", words, f"{scope.location}/States/{name}")


def targets(state: State) -> Iterator[tuple[str, str]]:
    """The names of the states that may follow one, with the locations that say so."""
    for field in ("Next", "Default"):
        yield from _target(state.fields, field, state.location)
    for rule, location in state.rules:
        yield from _target(rule, "Next", location)


def _target(fields: Mapping[str, Any], field: str, location: str) -> Iterator[tuple[str, str]]:
    if isinstance(fields.get(field), str):
        yield fields[field], f"{location}/{field}"


def _missing(target: str, location: str) -> Diagnostic:
    """AWS writes 'Next' whichever field it is."""
    return error("MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {target}", location)


def _is_terminal(state: State) -> bool:
    return state.type in ENDS or state.fields.get("End") is True


def _reached(start: str, states: dict[str, State]) -> set[str]:
    reached: set[str] = set()
    pending = {start} & states.keys()
    while pending:
        reached |= pending
        pending = {target for name in pending for target, _ in targets(states[name])} & states.keys() - reached
    return reached
