"""How data flows through a state that uses JSONata: Arguments, Output, Assign, Condition.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation import jsonata_template, timestamps
from refit.embedded_cloud.step_functions.evaluation.errors import QUERY_EVALUATION, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import source_of
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope, with_map_item
from refit.embedded_cloud.step_functions.evaluation.variable_limits import within_limits, wrong_name

State = Mapping[str, Any]


class JsonataFlow:
    """The data flow of JSONata; see `data_flow.DataFlow`."""

    language: Final = "JSONata"

    def effective_input(self, state: State, scope: Scope) -> Any:
        return scope.input

    def arguments(self, state: State, scope: Scope) -> Any:
        return _filled(state, "Arguments", scope) if "Arguments" in state else scope.input

    def output(self, holder: State, scope: Scope, place: str = "") -> Any:
        if "Output" in holder:
            return _filled(holder, "Output", scope, place)
        return scope.input if scope.result is ABSENT else scope.result

    def assigned(self, holder: State, scope: Scope, place: str = "") -> dict[str, Any]:
        if "Assign" not in holder:
            return {}
        variables = _filled(holder, "Assign", scope, place)  # Assign itself may be an expression
        if not isinstance(variables, dict):
            raise _unexpected(holder, "Assign", "object", variables, place)
        for name in variables:
            if wrong := wrong_name(name):
                raise EvaluationError(QUERY_EVALUATION, wrong, _at(place, "Assign"))
        return within_limits(variables, scope)

    def caught(self, state: State, catcher: State, scope: Scope, place: str = "") -> Any:
        return _filled(catcher, "Output", scope, place) if "Output" in catcher else scope.error_output

    def matches(self, rule: State, scope: Scope, place: str = "") -> bool:
        value = _filled(rule, "Condition", scope, place)
        if not isinstance(value, bool):
            raise _unexpected(rule, "Condition", "boolean", value, place)
        return value

    def number(self, state: State, member: str, scope: Scope) -> int | float | None:
        if member not in state:
            return None
        value = _filled(state, member, scope)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _unexpected(state, member, "number", value)
        if wrong := _out_of_range(member, value):
            raise EvaluationError(QUERY_EVALUATION, wrong, member)
        return value

    def text(self, state: State, member: str, scope: Scope) -> str | None:
        if member not in state:
            return None
        value = _filled(state, member, scope)
        if not isinstance(value, str):
            raise _unexpected(state, member, "string", value)
        if member == "Timestamp" and timestamps.parse(value) is None:
            raise EvaluationError(
                QUERY_EVALUATION,
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: " + value,
                member,
            )
        return value

    def items(self, state: State, scope: Scope) -> list[Any]:
        value = _filled(state, "Items", scope) if "Items" in state else scope.input
        if not isinstance(value, list):
            words = f"Map state input must be an array but was: {compact(value)}"
            raise EvaluationError(QUERY_EVALUATION, words, "Items" if "Items" in state else None)
        return value

    def item_input(self, state: State, scope: Scope, index: int, value: Any) -> Any:
        if "ItemSelector" not in state:
            return value
        return _filled(state, "ItemSelector", replace(scope, context=with_map_item(scope.context, index, value)))


def _filled(holder: State, member: str, scope: Scope, place: str = "") -> Any:
    return jsonata_template.fill(holder[member], _at(place, member), jsonata_template.bindings(scope))


def _at(place: str, member: str) -> str:
    return f"{place}/{member}" if place else member


def _out_of_range(member: str, value: int | float) -> str | None:
    """What is wrong with a number: the words of JSONPath states, for those of JSONata are not documented."""
    if member == "ToleratedFailurePercentage":
        return None if 0 <= value <= 100 else f"{member} must be between 0 and 100."
    if isinstance(value, float):
        return f"The {member} field must be an integer but was: {compact(value)}"
    return None if value >= 0 else f"{member} cannot be negative."


def _unexpected(holder: State, member: str, wanted: str, value: Any, place: str = "") -> EvaluationError:
    source = source_of(holder[member]) if isinstance(holder[member], str) else None
    found = f"Expected '{wanted}', but was '{_type(value)}' for value: {compact(value)}"
    expression = source or compact(holder[member])
    return jsonata_template.failed(expression, _at(place, member), f"returned an unexpected result type. {found}")


def _type(value: Any) -> str:
    kinds = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
