"""Reads the transitions between the states of a definition. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

States: TypeAlias = "Mapping[str, Mapping[str, Any]]"


class Edge(NamedTuple):
    """A transition; `label` is the condition on which it is taken, "" if it is always taken."""

    source: str
    target: str
    label: str


def edges(states: States) -> Iterator[Edge]:
    """Every transition, in the order of the definition."""
    for name, state in states.items():
        if "Next" in state:
            yield Edge(name, str(state["Next"]), "")
        for choice in state.get("Choices", ()):
            yield Edge(name, str(choice.get("Next")), _condition(choice))
        if "Default" in state:
            yield Edge(name, str(state["Default"]), "otherwise")
        for catcher in state.get("Catch", ()):
            yield Edge(name, str(catcher.get("Next")), "error")


def _condition(choice: Mapping[str, Any]) -> str:
    """A short label for a choice rule: the string that it compares with, or else the variable that it tests.

    "" for a JSONata condition, which is too long; the name of the next state describes it.
    """
    rules = [choice, *choice.get("And", ())]
    texts = [str(rule["StringEquals"]) for rule in rules if "StringEquals" in rule]
    variables = [str(rule["Variable"]).removeprefix("$.") for rule in rules if "Variable" in rule]
    return " ".join(texts or variables)
