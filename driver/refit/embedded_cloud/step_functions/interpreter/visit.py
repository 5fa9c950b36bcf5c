"""One visit to a state: its events, its context object, and the evaluation of its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol, TypeVar

from refit.embedded_cloud.step_functions.evaluation.data_flow import data_flow
from refit.embedded_cloud.step_functions.evaluation.errors import QUERY_EVALUATION, EvaluationError, StatesError
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope
from refit.embedded_cloud.step_functions.interpreter.engine import Engine, instant
from refit.embedded_cloud.step_functions.interpreter.history import NOT_TRUNCATED
from refit.embedded_cloud.step_functions.interpreter.interruption import Interruption
from refit.embedded_cloud.step_functions.interpreter.payload import text_of

T = TypeVar("T")

RETRIED = frozenset({"Task", "Parallel", "Map"})
"""The types of states that have Retry, and RetryCount in the context object."""


@dataclass(frozen=True)
class Outcome:
    """How a visit ends: the output, its text, the variables to assign, and the next state (None: the end)."""

    output: Any
    text: str
    next: str | None
    assigned: Mapping[str, Any] = field(default_factory=dict)


class Owner(Protocol):
    """The walk that a visit belongs to; see `walk.Walk`."""

    engine: Engine
    interruption: Interruption
    previous: int
    variables: dict[str, Any]
    item: Mapping[str, Any] | None
    kinds: Kinds


Kind = Callable[["Visit"], Outcome]
Kinds = Mapping[str, Kind]
"""A state's Type → what runs it."""


class Visit:
    """A visit to the state `state`, which is called `name`, with the raw input `value`."""

    def __init__(self, walk: Owner, name: str, state: Mapping[str, Any], value: Any) -> None:
        self.walk, self.engine = walk, walk.engine
        self.name, self.state, self.input = name, state, value
        self.flow = data_flow(self.engine.machine, state)
        self.entered = 0
        """The id of the event <Type>StateEntered."""
        self.followed = walk.previous
        """The id of the event that it follows."""
        self.branches: dict[str, Any] = {}
        """What the branches of a Parallel, or the iterations of a Map, have done, for a redrive."""
        self.started = False
        """Whether the branches or iterations run, and have not all succeeded."""
        self.retry_count = 0
        self.token: str | None = None
        self._entered_time = instant(self.engine.clock.now())

    def add(self, kind: str, details: Mapping[str, Any] | None = None, follow: bool = True) -> int:
        """Adds an event after the last one; the next event follows it, unless `follow` is False."""
        event = self.engine.history.add(kind, self.walk.previous, details)
        if follow:
            self.walk.previous = event
        return event

    def enter(self, text: str) -> None:
        details = {"name": self.name, "input": text, "inputDetails": NOT_TRUNCATED}
        self.entered = self.add(f"{self.state['Type']}StateEntered", {"stateEnteredEventDetails": details})

    def exit(self, outcome: Outcome) -> None:
        details: dict[str, Any] = {"name": self.name, "output": outcome.text, "outputDetails": NOT_TRUNCATED}
        if outcome.assigned:
            details["assignedVariables"] = {name: compact(value) for name, value in outcome.assigned.items()}
            details["assignedVariablesDetails"] = NOT_TRUNCATED
        self.add(f"{self.state['Type']}StateExited", {"stateExitedEventDetails": details})

    def wait(self, seconds: float) -> None:
        """Waits; raises Interrupted if the walk is interrupted meanwhile."""
        self.engine.clock.wait(seconds, self.walk.interruption.event)
        self.walk.interruption.check()

    def scope(self, result: Any = ABSENT, error_output: Any = ABSENT) -> Scope:
        """What the fields of the state can read."""
        return Scope(self.input, self._context(), self.walk.variables, result, error_output)

    def _context(self) -> dict[str, Any]:
        """The context object.

        https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
        """
        about: dict[str, Any] = {"Name": self.name, "EnteredTime": self._entered_time}
        if self.state["Type"] in RETRIED:
            about["RetryCount"] = self.retry_count
        context = {**self.engine.context, "State": about}
        if self.walk.item is not None:
            context["Map"] = {"Item": self.walk.item}
        if self.token is not None:
            context["Task"] = {"Token": self.token}
        return context

    def evaluate(self, work: Callable[..., T], *arguments: Any) -> T:
        """Calls a function of `evaluation`. What it cannot evaluate fails the state, in AWS's words.

        In JSONata the event EvaluationFailed comes before. It follows the event before the state was entered
        (LocalStack's recording test_assign_reference_variables::test_undefined_reference).
        """
        try:
            return work(*arguments)
        except EvaluationError as error:
            cause = self._cause(error.cause)
            if error.error == QUERY_EVALUATION:
                details = {"error": error.error, "cause": cause, "location": error.location, "state": self.name}
                if self.walk.previous == self.entered:
                    self.walk.previous = self.followed
                given = {name: value for name, value in details.items() if value is not None}
                self.add("EvaluationFailed", {"evaluationFailedEventDetails": given})
            raise StatesError(error.error, cause) from error

    def whole_number(self, member: str, scope: Scope) -> int | None:
        """The value of a member such as TimeoutSeconds, or of its …Path; None without."""
        number = self.evaluate(self.flow.number, self.state, member, scope)
        return None if number is None else int(number)

    def fail(self, error: str, cause: str) -> NoReturn:
        """Fails the state with a cause that names it."""
        raise StatesError(error, self._cause(cause))

    def _cause(self, cause: str | None) -> str:
        place = f"the state '{self.name}' (entered at the event id #{self.entered})"
        return f"An error occurred while executing {place}. {cause}"

    def outcome(self, result: Any = ABSENT) -> Outcome:
        """The end of a visit whose state did `result`: Assign, Output or ResultPath …, and Next."""
        scope = self.scope(result)
        assigned = self.evaluate(self.flow.assigned, self.state, scope)
        return self.ended(self.evaluate(self.flow.output, self.state, scope), self.state.get("Next"), assigned)

    def ended(self, output: Any, next_state: str | None, assigned: Mapping[str, Any]) -> Outcome:
        """Checks the size of the output and of the assigned variables."""
        if assigned:
            text_of(assigned, self.name)
        return Outcome(output, text_of(output, self.name), next_state, assigned)
