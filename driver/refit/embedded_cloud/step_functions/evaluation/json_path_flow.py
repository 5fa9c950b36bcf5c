"""How data flows through a state that uses JSONPath: InputPath, Parameters, ResultSelector, ResultPath, OutputPath.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation import choice_rule, payload_template, reference_path
from refit.embedded_cloud.step_functions.evaluation.json_path_fields import list_at, number_at, path_or_nothing, text_at
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope, with_map_item
from refit.embedded_cloud.step_functions.evaluation.variable_limits import within_limits

State = Mapping[str, Any]


class JsonPathFlow:
    """The data flow of JSONPath; see `data_flow.DataFlow`."""

    language: Final = "JSONPath"

    def effective_input(self, state: State, scope: Scope) -> Any:
        return path_or_nothing(state, "InputPath", scope.input, scope)

    def arguments(self, state: State, scope: Scope) -> Any:
        data = self.effective_input(state, scope)
        return payload_template.fill(state["Parameters"], data, scope) if "Parameters" in state else data

    def output(self, holder: State, scope: Scope, place: str = "") -> Any:
        if scope.result is ABSENT:
            placed = self.effective_input(holder, scope)
        else:
            result = scope.result
            if "ResultSelector" in holder:
                result = payload_template.fill(holder["ResultSelector"], result, scope)
            placed = _placed(holder, scope.input, result)
        return path_or_nothing(holder, "OutputPath", placed, scope)

    def assigned(self, holder: State, scope: Scope, place: str = "") -> dict[str, Any]:
        if "Assign" not in holder:
            return {}
        filled = payload_template.fill(holder["Assign"], self._assigning(holder, scope), scope)
        return within_limits(filled, scope)

    def _assigning(self, holder: State, scope: Scope) -> Any:
        """What the paths of Assign read: the caught error, the result, or the effective input.

        https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
        """
        if scope.error_output is not ABSENT:
            return scope.error_output
        if scope.result is ABSENT:
            return self.effective_input(holder, scope)
        if "ResultSelector" in holder:
            return payload_template.fill(holder["ResultSelector"], scope.result, scope)
        return scope.result

    def caught(self, state: State, catcher: State, scope: Scope, place: str = "") -> Any:
        return _placed(catcher, scope.input, scope.error_output)

    def matches(self, rule: State, scope: Scope, place: str = "") -> bool:
        return choice_rule.matches(rule, scope)

    def number(self, state: State, member: str, scope: Scope) -> int | float | None:
        return number_at(state, member, self.effective_input(state, scope), scope)

    def text(self, state: State, member: str, scope: Scope) -> str | None:
        return text_at(state, member, self.effective_input(state, scope), scope)

    def items(self, state: State, scope: Scope) -> list[Any]:
        return list_at(state, "ItemsPath", self.effective_input(state, scope), scope)

    def item_input(self, state: State, scope: Scope, index: int, value: Any) -> Any:
        template = state.get("ItemSelector", state.get("Parameters", ABSENT))
        if template is ABSENT:
            return value
        inside = replace(scope, context=with_map_item(scope.context, index, value))
        return payload_template.fill(template, self.effective_input(state, scope), inside)


def _placed(holder: State, document: Any, value: Any) -> Any:
    """`document` with `value` at the ResultPath; null keeps the document, and `$`, the default, is the value alone."""
    path = holder.get("ResultPath", "$")
    return document if path is None else reference_path.put(path, document, value)
