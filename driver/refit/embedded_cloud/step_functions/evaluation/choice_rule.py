"""Decides the rules of Choice states that use JSONPath.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation import json_path, timestamps
from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import PathSyntaxError
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope

Comparable = Callable[[Any], Any]
"""Gives what of a value is compared, or ABSENT for a value of another type."""


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else ABSENT


def _text(value: Any) -> Any:
    return value.encode("utf-16-be", "surrogatepass") if isinstance(value, str) else ABSENT  # in Java's order


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else ABSENT


def _timestamp(value: Any) -> Any:
    return timestamps.parse(value) or ABSENT


ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "Equals": operator.eq,
    "LessThan": operator.lt,
    "GreaterThan": operator.gt,
    "LessThanEquals": operator.le,
    "GreaterThanEquals": operator.ge,
}
COMPARISONS: Final[dict[str, tuple[Comparable, Callable[[Any, Any], bool]]]] = {
    **{
        f"{kind}{name}": (comparable, compare)
        for kind, comparable in (("String", _text), ("Numeric", _number), ("Timestamp", _timestamp))
        for name, compare in ORDER.items()
    },
    "BooleanEquals": (_boolean, operator.eq),
}
"""The comparisons with a value; each also has a variant named …Path, which reads the value from a path."""

TYPES: Final[dict[str, Callable[[Any], bool]]] = {
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: _number(value) is not ABSENT,
    "IsString": lambda value: isinstance(value, str),
    "IsBoolean": lambda value: isinstance(value, bool),
    "IsTimestamp": lambda value: timestamps.parse(value) is not None,
}


def matches(rule: Mapping[str, Any], scope: Scope) -> bool:
    """Whether a rule, or a rule inside And, Or and Not, is true of `scope.input`, the state's effective input.

    Raises EvaluationError States.Runtime for a path to nothing, except in IsPresent.
    """
    if "And" in rule:
        return all(matches(inside, scope) for inside in rule["And"])
    if "Or" in rule:
        return any(matches(inside, scope) for inside in rule["Or"])
    if "Not" in rule:
        return not matches(rule["Not"], scope)
    if "IsPresent" in rule:
        return _is_present(rule["Variable"], scope) is rule["IsPresent"]
    return _compared(rule, _read(rule["Variable"], scope), scope)


def _compared(rule: Mapping[str, Any], value: Any, scope: Scope) -> bool:
    for name, wanted in rule.items():
        if name == "StringMatches":
            return isinstance(value, str) and _pattern(wanted).fullmatch(value) is not None
        if name in TYPES:
            return TYPES[name](value) is wanted
        if name in COMPARISONS:
            return _holds(name, value, wanted)
        if (comparison := name.removesuffix("Path")) in COMPARISONS:
            return _holds(comparison, value, _read(wanted, scope))
    raise EvaluationError(RUNTIME, "The choice rule has no comparison")


def _holds(comparison: str, value: Any, wanted: Any) -> bool:
    """Whether a comparison is true; it is false for values of another type."""
    comparable, compare = COMPARISONS[comparison]
    left, right = comparable(value), comparable(wanted)
    return left is not ABSENT and right is not ABSENT and compare(left, right)


def _read(path: str, scope: Scope) -> Any:
    try:
        return json_path.read(path, scope.input, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        raise EvaluationError(
            RUNTIME, f"Invalid path '{path}': The choice state's condition path references an invalid value."
        ) from None


def _is_present(path: str, scope: Scope) -> bool:
    try:
        json_path.read(path, scope.input, scope)
    except (json_path.PathNotFoundError, PathSyntaxError):
        return False
    return True


@lru_cache(maxsize=1024)
def _pattern(wanted: str) -> re.Pattern[str]:
    """The regular expression of a StringMatches: `*` is any text; `\\*` is an asterisk, `\\\\` a backslash."""
    parts = re.findall(r"\\[*\\]|[^\\*]+|\*|\\", wanted)
    written = (".*" if part == "*" else re.escape(part[1:] if part in (r"\*", "\\\\") else part) for part in parts)
    return re.compile("".join(written), re.DOTALL)
