"""Walks from state to state: through a state machine, a Parallel branch, or a Map iteration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.engine import Engine
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption
from refit.embedded_cloud.step_functions.interpreter.payload import text_of
from refit.embedded_cloud.step_functions.interpreter.visit import Kinds, Visit


class Walk:
    """One thread's way through `definition`, an object with StartAt and States.

    `previous` is the event that the next event follows. Variables of the outer scope can be read; what the walk assigns
    ends with it: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """

    def __init__(
        self,
        engine: Engine,
        kinds: Kinds,
        definition: Mapping[str, Any],
        interruption: Interruption,
        previous: int = 0,
        variables: Mapping[str, Any] | None = None,
        item: Mapping[str, Any] | None = None,
    ) -> None:
        self.engine = engine
        self.kinds = kinds
        self.interruption = interruption
        self.previous = previous
        self.variables = dict(variables or {})
        self.item = item
        self.visit: Visit | None = None
        self._definition = definition

    def execute(self, value: Any, text: str | None = None) -> Any:
        """Walks from StartAt with the input `value` to the end, and returns the output.

        Raises StatesError if a state fails and nothing catches it, and Interrupted.
        """
        start = self._definition["StartAt"]
        self._enter(start, value, text_of(value, start) if text is None else text)
        return self._go_on()

    def resume(self, position: Mapping[str, Any]) -> Any:
        """Goes on in the state that the walk did not leave; see `position`. A Fail state is entered again.

        https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
        """
        self.previous = position["previous"]
        self.variables = dict(position["variables"])
        name, value = position["state"], position["input"]
        if position["entered"] and self._state(name)["Type"] != "Fail":
            self.visit = Visit(self, name, self._state(name), value)
            self.visit.entered, self.visit.followed = position["entered"], position["followed"]
            self.visit.branches = dict(position["branches"])
        else:
            self._enter(name, value, text_of(value, name))
        return self._go_on()

    @property
    def position(self) -> dict[str, Any] | None:
        """Where a redrive goes on, as JSON: the state that was not left; None if the walk has not begun.

        `entered` is 0 if the walk ended before it entered the state.
        """
        if self.visit is None:
            return None
        return {
            "state": self.visit.name,
            "input": self.visit.input,
            "entered": self.visit.entered,
            "followed": self.visit.followed,
            "previous": self.previous,
            "variables": dict(self.variables),
            "branches": dict(self.visit.branches),
        }

    def _go_on(self) -> Any:
        """Ends the visit that has begun, and makes all others up to the end."""
        while True:
            assert self.visit is not None  # noqa: S101 - for mypy
            outcome = self.kinds[self.visit.state["Type"]](self.visit)
            self.visit.exit(outcome)
            self.variables.update(outcome.assigned)
            if outcome.next is None:
                return outcome.output
            self._enter(outcome.next, outcome.output, outcome.text)

    def _enter(self, name: str, value: Any, text: str) -> None:
        self.visit = Visit(self, name, self._state(name), value)
        self.interruption.check()
        self.visit.enter(text)

    def _state(self, name: str) -> Mapping[str, Any]:
        state: Mapping[str, Any] = self._definition["States"][name]
        return state
