"""Refuses workflow variables whose names or sizes Step Functions does not take.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html#variable-limits
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from refit.embedded_cloud.step_functions.evaluation.errors import DATA_LIMIT_EXCEEDED, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

MAX_ASSIGN: Final = 256 * 1024
"""The bytes of a variable, and of all the variables of one Assign."""
MAX_STORED: Final = 10 * 1024 * 1024
"""The bytes of all the variables of an execution."""
MAX_NAME: Final = 80
"""The characters of a variable's name."""
RESERVED: Final = "states"
"""The variable that Step Functions sets itself."""


def wrong_name(name: str) -> str | None:
    """What is wrong with the name of a variable, in AWS's words for a definition (see `definition.variables`)."""
    if name == RESERVED:
        return "Cannot assign to reserved variable '$states'."
    if not name.isidentifier() or name.startswith("_"):
        return f"Invalid variable name '{name}': the variable name contains invalid characters."
    if len(name) > MAX_NAME:
        return f"Invalid variable name '{name}': the variable name exceeds the {MAX_NAME}-character limit."
    return None


def within_limits(assigned: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """`assigned`, if it and the execution's variables with it are small enough.

    Raises EvaluationError States.DataLimitExceeded. Its words are not AWS's, which are not documented.
    """
    size = _bytes(assigned)
    if size > MAX_ASSIGN:
        raise _exceeded("The variables of an Assign field", MAX_ASSIGN)
    if size and scope.variables and _bytes({**scope.variables, **assigned}) > MAX_STORED:
        raise _exceeded("The variables of an execution", MAX_STORED)
    return assigned


def _bytes(variables: Mapping[str, Any]) -> int:
    return sum(len(compact(value).encode("utf-8", "surrogatepass")) for value in variables.values())


def _exceeded(what: str, limit: int) -> EvaluationError:
    return EvaluationError(DATA_LIMIT_EXCEEDED, f"{what} must not be larger than {limit} bytes.")
