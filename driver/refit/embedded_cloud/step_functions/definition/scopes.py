"""The scopes of a state machine: the machine itself, each Map's processor and each branch of a Parallel.

A transition cannot leave its scope. Locations are AWS's, "/States/P/Branches[1]/States/X".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["JSONPath", "JSONata"]
Kind = Literal["machine", "ItemProcessor", "Iterator", "branch"]


@dataclass(frozen=True)
class State:
    """A state that is a JSON object. `language` is its own, or else the machine's."""

    name: str
    location: str
    fields: Mapping[str, Any]
    language: Language

    @property
    def type(self) -> Any:
        """The value of Type, whatever it is."""
        return self.fields.get("Type")

    @property
    def rules(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        """The rules of a Choice and the catchers, with their locations."""
        for field in ("Choices", "Catch"):
            rules = self.fields.get(field)
            for index, rule in enumerate(rules if isinstance(rules, list) else ()):
                if isinstance(rule, dict):
                    yield rule, f"{self.location}/{field}[{index}]"


@dataclass(frozen=True)
class Scope:
    """A StartAt with its States. `location` is "" for the machine."""

    kind: Kind
    location: str
    fields: Mapping[str, Any]
    language: Language
    """The machine's."""
    outer: Scope | None = None
    """The scope of the Map or Parallel; None for the machine."""

    @property
    def named(self) -> Mapping[str, Any]:
        """What States holds, by name; empty if it is not an object."""
        states = self.fields.get("States")
        return states if isinstance(states, dict) else {}

    @property
    def states(self) -> list[State]:
        """Its states in the order of the definition, without what is not an object."""
        return [
            State(name, f"{self.location}/States/{name}", state, _language(state, self.language))
            for name, state in self.named.items()
            if isinstance(state, dict)
        ]


def scopes(machine: Mapping[str, Any]) -> Iterator[Scope]:
    """The machine and all scopes inside it, each before those inside it."""
    yield from _inside(Scope("machine", "", machine, _language(machine, "JSONPath")))


def _inside(scope: Scope) -> Iterator[Scope]:
    yield scope
    for state in scope.states:
        for kind in ("ItemProcessor", "Iterator"):
            if state.type == "Map" and isinstance(inner := state.fields.get(kind), dict):
                yield from _inside(Scope(kind, f"{state.location}/{kind}", inner, scope.language, scope))
        branches = state.fields.get("Branches") if state.type == "Parallel" else None
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict):
                location = f"{state.location}/Branches[{index}]"
                yield from _inside(Scope("branch", location, branch, scope.language, scope))


def _language(owner: Mapping[str, Any], inherited: Language) -> Language:
    """Anything but exactly JSONPath is JSONata. States in a Map or Parallel inherit from the machine, not from it.

    Measured on AWS: floci-io/floci#2968.
    """
    if "QueryLanguage" not in owner:
        return inherited
    return "JSONPath" if owner["QueryLanguage"] == "JSONPath" else "JSONata"
