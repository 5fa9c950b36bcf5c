"""Validates the built definition of a state machine. Pure.

AWS checks the syntax only when the state machine is created, and never checks whether a run can end. Specification:
https://states-language.net/spec.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from refit.artifacts.graph import Edge, States, edges
from refit.domain import handlers

PLACEHOLDERS = frozenset(
    {
        "bucket",
        "environment",
        "hold_parameter",
        "partition",
        "region",
        "run_parameter",
        "sagemaker_role_arn",
        "source_uri",
        "watermark_parameter",
        *(f"{handler}_arn" for handler in handlers.HANDLERS),
    }
)
"""The variables that terraform/main.tf passes to `templatefile`."""

BRANCH = "NotifySlackBranch"
ENDS = ("Succeed", "Fail")
TYPES = ("Task", "Pass", "Wait", "Choice", *ENDS)


def check(definition: str) -> list[str]:
    """The defects of a definition, one sentence each; empty if it is valid."""
    try:
        machine = json.loads(definition, object_pairs_hook=_without_duplicates)
    except ValueError as error:
        return [f"the definition is not JSON: {error}"]
    states = machine.get("States") if isinstance(machine, dict) else None
    if not isinstance(states, dict) or not all(isinstance(state, dict) for state in states.values()):
        return ["the definition has no States"]
    return [
        *_placeholders(definition),
        *_bounds(machine),
        *(defect for name, state in states.items() for defect in _state(name, state)),
        *_graph(str(machine.get("StartAt")), states),
    ]


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} is defined twice")
    return members


def _placeholders(definition: str) -> Iterator[str]:
    for name in sorted({match[1] for match in re.finditer(r"\$\{([^}]*)", definition)} - PLACEHOLDERS):
        yield f"${{{name}}} is not a variable that Terraform fills in"
    if "%{" in definition:
        yield "%{ would start a Terraform directive"


def _bounds(machine: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(machine.get("TimeoutSeconds"), int):
        yield "the state machine has no TimeoutSeconds: a run could last a year"


def _state(name: str, state: Mapping[str, Any]) -> Iterator[str]:
    kind = state.get("Type")
    if kind not in TYPES:
        yield f"{name} has the Type {kind}; expected one of {', '.join(TYPES)}"
    elif kind == "Choice":
        if "Default" not in state:
            yield f"{name} is a Choice without a Default"
    elif kind not in ENDS and "Next" not in state:
        yield f"{name} has no Next"
    if kind == "Task":
        yield from (f"{name} is a Task without {part}" for part in ("Retry", "TimeoutSeconds") if not state.get(part))
        if not any("States.ALL" in catcher.get("ErrorEquals", ()) for catcher in state.get("Catch", ())):
            yield f"{name} is a Task whose Catch does not include States.ALL"


def _graph(start: str, states: States) -> Iterator[str]:
    ways = list(edges(states))
    yield from (f"{way.source} leads to {way.target}, which does not exist" for way in ways if way.target not in states)
    if start not in states:
        yield f"StartAt is {start}, which does not exist"
    reached = _reachable({start}, [(way.source, way.target) for way in ways])
    yield from (f"{name} cannot be reached" for name in states if name not in reached)
    ends = {name for name, state in states.items() if state.get("Type") in ENDS}
    ending = _reachable(ends, [(way.target, way.source) for way in ways])
    yield from (f"no run that reaches {name} ever ends" for name in states if name not in ending)
    yield from _busy_loops(ways, states)


def _reachable(begin: set[str], ways: list[tuple[str, str]]) -> set[str]:
    reached: set[str] = set()
    pending = set(begin)
    while pending:
        reached |= pending
        pending = {target for source, target in ways if source in pending} - reached
    return reached


def _busy_loops(ways: list[Edge], states: States) -> Iterator[str]:
    """Loops without a Wait. Such a loop runs as fast as AWS allows, until it has used the 25,000 events of its history.

    NotifySlackBranch is not counted as part of a loop: it continues after the newest section of the run document.
    """
    waits = {name for name, state in states.items() if state.get("Type") == "Wait"} | {BRANCH}
    graph: dict[str, set[str]] = {name: set() for name in states}
    for way in ways:
        if not {way.source, way.target} & waits:
            graph.setdefault(way.source, set()).add(way.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield f"the loop {' → '.join(reversed(error.args[1]))} has no Wait"
