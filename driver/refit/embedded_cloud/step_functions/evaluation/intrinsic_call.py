"""Calls intrinsic functions, such as `States.Format('{}-{}', $.name, States.UUID())`.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation import json_path
from refit.embedded_cloud.step_functions.evaluation.errors import INTRINSIC_FAILURE, RUNTIME, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS, Refusal
from refit.embedded_cloud.step_functions.evaluation.intrinsic_syntax import (
    Argument,
    Call,
    IntrinsicSyntaxError,
    Literal,
    Path,
    Text,
    parse,
)
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

PREFIX: Final = "States."


def call(source: str, data: Any, scope: Scope) -> Any:
    """The value of the intrinsic function that `source` calls; its paths read `data`.

    Raises EvaluationError: States.Runtime for a path that finds nothing, States.IntrinsicFailure for what the function
    refuses.
    """
    try:
        return _value(parse(source), data, scope)
    except (Refusal, IntrinsicSyntaxError) as refused:
        raise _failed(INTRINSIC_FAILURE, source, str(refused)) from None
    except _MissingArgumentError as missing:
        raise _failed(RUNTIME, source, str(missing)) from None


def _failed(error: str, source: str, reason: str) -> EvaluationError:
    return EvaluationError(error, f"The function '{source}' had the following error: {reason}")


class _MissingArgumentError(Exception):
    """A path among the arguments finds nothing."""


def _value(argument: Argument, data: Any, scope: Scope) -> Any:
    match argument:
        case Literal(value):
            return value
        case Text():
            return argument.unescaped()
        case Path(text):
            return _read(text, data, scope)
        case Call("Format", arguments) if arguments and isinstance(arguments[0], Text):
            # Only the template that is written out has escaped braces.
            values = [_value(one, data, scope) for one in arguments[1:]]
            return FUNCTIONS["Format"](arguments[0].written, *values)
        case Call(name, arguments):
            if name not in FUNCTIONS:
                raise IntrinsicSyntaxError(f"there is no intrinsic function States.{name}")
            return FUNCTIONS[name](*(_value(one, data, scope) for one in arguments))


def _read(text: str, data: Any, scope: Scope) -> Any:
    try:
        return json_path.read(text, data, scope)
    except json_path.PathNotFoundError as missing:
        if str(missing).startswith("Filter: "):  # measured on AWS by floci: Jayway's own words
            raise _MissingArgumentError(str(missing)) from None
        # AWS names a path of the context object without its first $, and always shows the state's input.
        written = text[1:] if text.startswith("$$") else text
        raise _MissingArgumentError(
            f"The JsonPath argument for the field '{written}' could not be found in the input '{compact(data)}'"
        ) from None
