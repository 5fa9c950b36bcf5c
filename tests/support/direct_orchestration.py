"""The rendered states of direct orchestration with every optional step, and the outcomes of its Choice states."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.support import definitions
from tests.support.definitions import pipeline
from tests.support.jsonata import context, evaluate


@cache
def states() -> dict[str, Any]:
    return definitions.states(pipeline(orchestration="direct", gate={"metric": "train:mse", "max": 60}, approval={}))


def outcome_of_choice(name: str, document: Any, **variables: Any) -> tuple[str, dict[str, Any]]:
    """The next state of a JSONata Choice, and its assignments."""
    state = states()[name]
    for choice in state["Choices"]:
        given = {"context": context(), "variables": variables}
        if evaluate(choice["Condition"], document, **given):
            return choice["Next"], evaluate(choice.get("Assign", {}), document, **given)
    return state["Default"], {}
