"""Reads the single paths of a state, such as InputPath and SecondsPath, with AWS's words where one finds nothing.

The words are recorded in LocalStack's snapshots (scenarios::test_invalid_jsonpath, base::test_base_wait_seconds_path,
scenarios::test_wait_timestamp_path).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import intrinsic_call, json_path, timestamps
from refit.embedded_cloud.step_functions.evaluation.errors import (
    REFERENCE_PATH_CONFLICT,
    RUNTIME,
    EvaluationError,
    StatesError,
)
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import Names, PathSyntaxError, parse
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

State = Mapping[str, Any]


def path_or_nothing(state: State, member: str, data: Any, scope: Scope) -> Any:
    """What InputPath or OutputPath selects of `data`: all of it without the member, `{}` for null."""
    path = state.get(member, "$")
    if path is None:
        return {}
    if path == "$":
        return data
    try:
        return json_path.read(path, data, scope)
    except json_path.PathNotFoundError as missing:
        raise EvaluationError(RUNTIME, f"Invalid path '{path}' : {missing}") from None
    except PathSyntaxError:
        raise EvaluationError(RUNTIME, f"Invalid path '{path}'") from None


def number_at(state: State, member: str, data: Any, scope: Scope) -> int | float | None:
    """The number that `member` has or that `<member>Path` finds; None with neither.

    Raises EvaluationError States.Runtime for a path to nothing, to what is not a whole number, or to a negative one.
    """
    if member in state:
        number: int | float = state[member]
        return number
    name = f"{member}Path"
    if name not in state:
        return None
    path = state[name]
    try:
        value = json_path.read(path, data, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        raise _not_found(name, path, data) from None
    shown = f"{path} == {compact(value)}"
    if isinstance(value, bool) or not isinstance(value, int | float) or _broken(value, member):
        raise EvaluationError(RUNTIME, f"The {name} parameter cannot be parsed as a long value: {shown}")
    if value < 0:
        raise EvaluationError(RUNTIME, f"The {name} parameter references a negative value: {shown}")
    return value


def _broken(value: int | float, member: str) -> bool:
    return isinstance(value, float) and not member.endswith("Percentage")


def _not_found(name: str, path: str, data: Any) -> EvaluationError:
    if name in ("SecondsPath", "TimestampPath"):
        return EvaluationError(RUNTIME, f"The {name} parameter does not reference an input value: {path}")
    words = f"The JSONPath '{path}' specified for the field '{name}' could not be found in the input '{compact(data)}'"
    return EvaluationError(RUNTIME, words)


def text_at(state: State, member: str, data: Any, scope: Scope) -> str | None:
    """The text that `member` has or that `<member>Path`, a path or an intrinsic function, gives; None with neither."""
    if member in state:
        text: str = state[member]
        return text
    name = f"{member}Path"
    if name not in state:
        return None
    path = state[name]
    try:
        if path.startswith(intrinsic_call.PREFIX):
            value = intrinsic_call.call(path, data, scope)
        else:
            value = json_path.read(path, data, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        raise _not_found(name, path, data) from None
    if member == "Timestamp" and timestamps.parse(value) is None:
        shown = value if isinstance(value, str) else compact(value)
        raise EvaluationError(
            RUNTIME,
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
            f"{path} == {shown}",
        )
    if not isinstance(value, str):
        raise EvaluationError(RUNTIME, f"The {name} parameter does not reference a string: {path} == {compact(value)}")
    return value


def list_at(state: State, member: str, data: Any, scope: Scope) -> list[Any]:
    """The list that ItemsPath finds in `data`, which is the default."""
    path = state.get(member, "$")
    try:
        value = json_path.read(path, data, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        # Reported of AWS by many, without the words about the state.
        raise StatesError(
            REFERENCE_PATH_CONFLICT, f'Unable to apply step "{_step(path)}" to input {compact(data)}'
        ) from None
    if not isinstance(value, list):
        raise EvaluationError(RUNTIME, f'Reference path "{path}" must point to array.')
    return value


def _step(path: str) -> str:
    try:
        names = [step.names[0] for step in parse(path).steps if isinstance(step, Names)]
    except PathSyntaxError:
        return path
    return names[-1] if names else path
