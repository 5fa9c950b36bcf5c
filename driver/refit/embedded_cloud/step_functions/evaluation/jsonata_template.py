"""Fills templates with JSONata: Arguments, Output, Assign and single fields.

Text that is `{% … %}` as a whole is replaced by the value of the expression.
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import jsonata_expression
from refit.embedded_cloud.step_functions.evaluation.errors import QUERY_EVALUATION, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.jsonata_expression import JsonataError
from refit.embedded_cloud.step_functions.evaluation.jsonata_values import UnsupportedResultError, from_json
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope

Bindings = Mapping[str, Any]


def bindings(scope: Scope) -> Bindings:
    """The variables of an expression: `$states` and the workflow variables."""
    states = {"input": scope.input, "context": scope.context}
    if scope.result is not ABSENT:
        states["result"] = scope.result
    if scope.error_output is not ABSENT:
        states["errorOutput"] = scope.error_output
    variables = {name: from_json(value) for name, value in scope.variables.items()}
    return {**variables, "states": {name: from_json(value) for name, value in states.items()}}


def fill(template: Any, place: str, bound: Bindings) -> Any:
    """`template` with its expressions evaluated; `place` is the field that holds it, such as `Output`.

    Raises EvaluationError States.QueryEvaluationError, also for an expression without a value.
    """
    if isinstance(template, dict):
        return {name: fill(value, f"{place}/{name}", bound) for name, value in template.items()}
    if isinstance(template, list):
        return [fill(value, f"{place}[{index}]", bound) for index, value in enumerate(template)]
    source = jsonata_expression.source_of(template) if isinstance(template, str) else None
    return template if source is None else _value(source, place, bound)


def _value(source: str, place: str, bound: Bindings) -> Any:
    try:
        value = jsonata_expression.evaluate(source, bound)
    except JsonataError as error:
        raise failed(source, place, f"threw an error during evaluation. {error}") from error
    except UnsupportedResultError:
        raise failed(source, place, "returned an unsupported result type.") from None
    if value is ABSENT:
        raise failed(source, place, "returned nothing (undefined).")
    return value


def failed(source: str, place: str, what: str) -> EvaluationError:
    """The error of an expression, in AWS's words."""
    return EvaluationError(
        QUERY_EVALUATION, f"The JSONata expression '{source}' specified for the field '{place}' {what}", place
    )
