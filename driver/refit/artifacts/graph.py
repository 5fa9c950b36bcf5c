"""The states of a definition as a graph. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

States: TypeAlias = "Mapping[str, Mapping[str, Any]]"


class Edge(NamedTuple):
    """One way out of a state; `label` says when it is taken, "" for always."""

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
    """A choice in a word: the text that it compares with, else the variable that it looks for.

    "" for a condition in JSONata, which is no word: the name of the state that it leads to says when.
    """
    rules = [choice, *choice.get("And", ())]
    texts = [str(rule["StringEquals"]) for rule in rules if "StringEquals" in rule]
    variables = [str(rule["Variable"]).removeprefix("$.") for rule in rules if "Variable" in rule]
    return " ".join(texts or variables)
