"""Fills payload templates: Parameters, ResultSelector, ItemSelector and Assign of JSONPath states.

A member whose name ends in `.$` holds a path or an intrinsic function; its value takes the name without `.$`.
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.evaluation import intrinsic_call, json_path
from refit.embedded_cloud.step_functions.evaluation.errors import NULL_INPUT, RUNTIME, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import PathSyntaxError, parse
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

DYNAMIC = ".$"


def fill(template: Any, data: Any, scope: Scope) -> Any:
    """`template` with its paths read from `data` and its intrinsic functions called.

    Raises EvaluationError States.Runtime for a path that finds nothing.
    """
    if isinstance(template, list):
        return [fill(element, data, scope) for element in template]
    if not isinstance(template, dict):
        return template
    filled = {}
    for name, value in template.items():
        if name.endswith(DYNAMIC):
            filled[name.removesuffix(DYNAMIC)] = _dynamic(name, value, data, scope)
        else:
            filled[name] = fill(value, data, scope)
    return filled


def _dynamic(name: str, source: Any, data: Any, scope: Scope) -> Any:
    if not isinstance(source, str):
        raise _malformed(name)
    if source.startswith(intrinsic_call.PREFIX):
        return intrinsic_call.call(source, data, scope)
    try:
        if data is None and parse(source).document == "input":
            raise EvaluationError(RUNTIME, NULL_INPUT)
        return json_path.read(source, data, scope)
    except json_path.PathNotFoundError as missing:
        # A member whose path ends in an index past the end of a list is null: measured on AWS by floci
        # (AslExecutorIntrinsicMissingArgumentTest.indexPastTheEndOfAnArrayFails).
        if missing.past_the_end:
            return None
        raise not_found(source, name, data, scope) from None
    except PathSyntaxError:
        raise _malformed(name) from None


def not_found(path: str, field: str, data: Any, scope: Scope) -> EvaluationError:
    """The error of a path that finds nothing, in AWS's words (LocalStack's scenarios::test_invalid_jsonpath).

    A path of the context object shows the context object, which it reads.
    """
    read = scope.context if parse(path).document == "context" else data
    words = f"The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{compact(read)}'"
    return EvaluationError(RUNTIME, words)


def _malformed(name: str) -> EvaluationError:
    """AWS refuses such a definition; these are its words then (LocalStack's scenarios::test_illegal_escapes)."""
    words = f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
    return EvaluationError(RUNTIME, words)
