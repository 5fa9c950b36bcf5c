"""The data flow of a state: what it reads of its input, does with its result, and passes on.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from refit.embedded_cloud.step_functions.evaluation.json_path_flow import JsonPathFlow
from refit.embedded_cloud.step_functions.evaluation.jsonata_flow import JsonataFlow
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

State = Mapping[str, Any]


class DataFlow(Protocol):
    """The data flow of one query language. Every method raises StatesError with AWS's words.

    `place` is where a choice rule or a catcher stands in the state, such as `Choices[1]` or `Catch[0]`.
    """

    @property
    def language(self) -> str:
        """`JSONPath` or `JSONata`."""

    def effective_input(self, state: State, scope: Scope) -> Any:
        """The input after InputPath; in JSONata the input."""

    def arguments(self, state: State, scope: Scope) -> Any:
        """Parameters, filled from the effective input, or Arguments; without them the effective input."""

    def output(self, holder: State, scope: Scope, place: str = "") -> Any:
        """The output: `scope.result` after ResultSelector, ResultPath and OutputPath, or Output.

        A state without a result (ABSENT), such as Wait, Succeed and Choice, passes its effective input on. In JSONata
        `holder` may also be a choice rule.
        """

    def assigned(self, holder: State, scope: Scope, place: str = "") -> dict[str, Any]:
        """The variables that Assign of a state, a choice rule or a catcher gives; all see the values before."""

    def caught(self, state: State, catcher: State, scope: Scope, place: str = "") -> Any:
        """The input of the state after a catcher: `scope.error_output` at its ResultPath, or its Output."""

    def matches(self, rule: State, scope: Scope, place: str = "") -> bool:
        """Whether a choice rule matches; in JSONPath `scope.input` is the effective input."""

    def number(self, state: State, member: str, scope: Scope) -> int | float | None:
        """Seconds, TimeoutSeconds and the like: the member, `<member>Path` or the expression's value; None without."""

    def text(self, state: State, member: str, scope: Scope) -> str | None:
        """Error, Cause or Timestamp: the member, `<member>Path` or the expression's value; None without."""

    def items(self, state: State, scope: Scope) -> list[Any]:
        """The items of a Map: ItemsPath or Items; without them the effective input."""

    def item_input(self, state: State, scope: Scope, index: int, value: Any) -> Any:
        """The input of an item's first state: ItemSelector; without it the item."""


FLOWS: Final[dict[str, DataFlow]] = {"JSONPath": JsonPathFlow(), "JSONata": JsonataFlow()}


def data_flow(machine: State, state: State) -> DataFlow:
    """The data flow of a state: of its QueryLanguage, else of the state machine's, else JSONPath."""
    return FLOWS[state.get("QueryLanguage", machine.get("QueryLanguage", "JSONPath"))]
