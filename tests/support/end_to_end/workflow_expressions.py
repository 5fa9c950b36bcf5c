"""Evaluates the expressions of GitHub Actions that deploy.yml and the setup action use, in `${{ … }}` and after `if:`.

https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

Context = Mapping[str, Any]


def evaluate(expression: str, context: Context) -> Any:
    """The value of an expression; a name that is not in the context is the empty string.

    `context["workspace"]` is the folder that hashFiles searches. Fails for any other kind of expression.
    """
    expression = expression.strip()
    for operator in ("||", "&&", "!=", "=="):
        left, found, right = expression.partition(operator)
        if found:
            return _applied(operator, evaluate(left, context), evaluate(right, context))
    if call := re.fullmatch(r"fromJSON\((.*)\)", expression):
        return json.loads(evaluate(call[1], context))
    if call := re.fullmatch(r"hashFiles\('([\w./-]+)'\)", expression):
        file = context["workspace"] / call[1]
        return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    if literal := re.fullmatch(r"'([^']*)'", expression):
        return literal[1]
    assert re.fullmatch(r"[\w.-]+", expression), f"not known here: {expression}"
    value: Any = context
    for name in expression.split("."):
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def filled(value: Any, context: Context) -> Any:
    """`value` with each `${{ … }}` evaluated. A text that is a single expression becomes the expression's value."""
    if isinstance(value, dict):
        return {name: filled(item, context) for name, item in value.items()}
    if not isinstance(value, str):
        return value
    if whole := re.fullmatch(r"\$\{\{([^}]*)\}\}", value):
        return evaluate(whole[1], context)
    return re.sub(r"\$\{\{([^}]*)\}\}", lambda found: str(evaluate(found[1], context)), value)


def _applied(operator: str, left: Any, right: Any) -> Any:
    if operator == "||":
        return left or right
    if operator == "&&":
        return left and right
    return (left == right) is (operator == "==")
