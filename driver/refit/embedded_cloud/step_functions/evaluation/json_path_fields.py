"""Reads the single paths of a state, such as InputPath and SecondsPath, with AWS's words where one finds nothing.

The words are recorded in LocalStack's snapshots (scenarios::test_invalid_jsonpath, base::test_base_wait_seconds_path,
scenarios::test_wait_timestamp_path).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import intrinsic_call, json_path, timestamps
from refit.embedded_cloud.step_functions.evaluation.errors import (
    NULL_INPUT,
    REFERENCE_PATH_CONFLICT,
    RUNTIME,
    EvaluationError,
    StatesError,
)
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import Names, PathSyntaxError, parse
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.payload_template import not_found
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

State = Mapping[str, Any]

OF_A_MAP = ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")


def path_or_nothing(state: State, member: str, data: Any, scope: Scope) -> Any:
    """What InputPath or OutputPath selects of `data`: all of it without the member, `{}` for null."""
    path = state.get(member, "$")
    return {} if path is None else _read(path, data, scope)


def _read(path: str, data: Any, scope: Scope) -> Any:
    try:
        if data is None and path != "$" and parse(path).document == "input":
            raise EvaluationError(RUNTIME, NULL_INPUT)
        return json_path.read(path, data, scope)
    except json_path.PathNotFoundError as missing:
        raise EvaluationError(RUNTIME, f"Invalid path '{path}' : {missing}") from None
    except PathSyntaxError:
        raise EvaluationError(RUNTIME, f"Invalid path '{path}'") from None


def number_at(state: State, member: str, data: Any, scope: Scope) -> int | float | None:
    """The number that `member` has or that `<member>Path` finds; None with neither.

    Raises EvaluationError States.Runtime for a path to nothing, to what is not a whole number, or to a negative one.
    Only a percentage may have a fraction.
    """
    if member in state:
        number: int | float = state[member]
        return number
    name = f"{member}Path"
    if name not in state:
        return None
    path = state[name]
    value = _waiting(name, path, data, scope) if member == "Seconds" else _read(path, data, scope)
    if wrong := (_wrong_in_a_map if member in OF_A_MAP else _wrong_seconds)(member, path, value):
        raise EvaluationError(RUNTIME, wrong)
    found: int | float = value
    return found


def _wrong_in_a_map(member: str, path: str, value: Any) -> str | None:
    """What is wrong with a number of a Map (recorded: scenarios::test_max_concurrency_path and tolerated_failure_…)."""
    kind = "integer" if member != "ToleratedFailurePercentage" else "float"
    if isinstance(value, bool) or not isinstance(value, int if kind == "integer" else int | float):
        return f'The {member}Path field refers to value "{_shown(value)}" which is not a valid {kind}: {path}'
    if kind == "float":
        return None if 0 <= value <= 100 else f"{member} must be between 0 and 100."
    return None if value >= 0 else f"{member} cannot be negative."


def _wrong_seconds(member: str, path: str, value: Any) -> str | None:
    """What is wrong with a number of seconds (recorded: base::test_base_wait_seconds_path)."""
    if isinstance(value, bool) or not isinstance(value, int):
        return f"The {member}Path parameter cannot be parsed as a long value: {path} == {_shown(value)}"
    return None if value >= 0 else f"The {member}Path parameter references a negative value: {path} == {value}"


def _waiting(name: str, path: str, data: Any, scope: Scope) -> Any:
    """What SecondsPath or TimestampPath finds."""
    try:
        return json_path.read(path, data, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        words = f"The {name} parameter does not reference an input value: {path}"
        raise EvaluationError(RUNTIME, words) from None


def _shown(value: Any) -> str:
    """Text without quotes, as AWS shows it, other values as JSON."""
    return value if isinstance(value, str) else compact(value)


def text_at(state: State, member: str, data: Any, scope: Scope) -> str | None:
    """The text that `member` has or that `<member>Path` gives; None with neither.

    ErrorPath and CausePath may also be intrinsic functions. Raises EvaluationError States.Runtime.
    """
    if member in state:
        text: str = state[member]
        return text
    name = f"{member}Path"
    if name not in state:
        return None
    path = state[name]
    if member == "Timestamp":
        value = _waiting(name, path, data, scope)
        if timestamps.parse(value) is None:
            words = f"does not reference a valid ISO-8601 extended offset date-time format string: {path} == "
            raise EvaluationError(RUNTIME, f"The {name} parameter {words}{_shown(value)}")
    elif path.startswith(intrinsic_call.PREFIX):
        value = intrinsic_call.call(path, data, scope)
    else:
        value = _named(name, path, data, scope)
    if not isinstance(value, str):
        words = f"The {name} parameter does not reference a string: {path} == {_shown(value)}"
        raise EvaluationError(RUNTIME, words)
    return value


def _named(name: str, path: str, data: Any, scope: Scope) -> Any:
    """What ErrorPath or CausePath finds."""
    try:
        return json_path.read(path, data, scope)
    except json_path.PathNotFoundError:
        raise not_found(path, name, data, scope) from None
    except PathSyntaxError:
        raise EvaluationError(RUNTIME, f"Invalid path '{path}'") from None


def list_at(state: State, member: str, data: Any, scope: Scope) -> list[Any]:
    """The list that ItemsPath finds in `data`, which is the default.

    Raises StatesError States.ReferencePathConflict, which has no words about the state, for a path to nothing (users
    report it of AWS), and EvaluationError States.Runtime for what is not a list.
    """
    path = state.get(member, "$")
    try:
        value = json_path.read(path, data, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        words = f'Unable to apply step "{_missing_step(path, data)}" to input {compact(data)}'
        raise StatesError(REFERENCE_PATH_CONFLICT, words) from None
    if not isinstance(value, list):
        raise EvaluationError(RUNTIME, f'Reference path "{path}" must point to array.')
    return value


def _missing_step(path: str, data: Any) -> str:
    """The first name of `path` that `data` does not have; the path itself if it is not one of names in the input."""
    try:
        parsed = parse(path)
    except PathSyntaxError:
        return path
    for step in parsed.steps:
        if parsed.document != "input" or not isinstance(step, Names):
            return path
        if not isinstance(data, dict) or step.names[0] not in data:
            return step.names[0]
        data = data[step.names[0]]
    return path
