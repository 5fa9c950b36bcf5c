"""Parses JSONata, and finds the names that an expression reads at its top level.

An expression of Step Functions has no context item: a path that begins with a name, `$` or `$$` reads nothing, and AWS
refuses it. Which positions are at the top level was measured on AWS: floci-io/floci#2699.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import jsonata_expression

CONTEXT = "$"
ROOT = "$$"
RESULT = "$states.result"
ERROR_OUTPUT = "$states.errorOutput"


@dataclass(frozen=True)
class Analysis:
    """The parser's message without its code, or None; and the names, once each, in the order of the expression."""

    mistake: str | None
    names: tuple[str, ...]


@lru_cache(maxsize=1024)
def analyze(expression: str) -> Analysis:
    """Parses an expression, without evaluating it."""
    try:
        tree = jsonata_expression.parse(expression).ast
    except jsonata_expression.JsonataError as found:
        return Analysis(re.sub(r"^[A-Z]\d{4}: ", "", str(found)), ())
    return Analysis(None, tuple(dict.fromkeys(_names(tree))))


def _names(node: Any) -> Iterator[str]:
    match getattr(node, "type", None):
        case "path":
            yield from _path(node.steps)
        case "name":
            yield str(node.value)
        case "variable" if node.value in ("", "$"):
            yield CONTEXT if node.value == "" else ROOT
        case "unary" if str(node.value) == "[":
            yield from _each(node.expressions)
        case "unary" if str(node.value) == "{":
            for pair in node.lhs_object or ():
                yield from _each(pair)
        case "unary":
            yield from _names(node.expression)
        case "binary" | "apply":
            yield from _each((node.lhs, node.rhs))
        case "function" | "partial":
            yield from _each((node.procedure, *(node.arguments or ())))
        case "lambda":
            yield from _names(node.body)
        case "condition":
            yield from _each((node.condition, node.then, node._else))
        case "block":
            yield from _each(node.expressions)
        case "bind":
            yield from _names(node.rhs)


def _each(nodes: Any) -> Iterator[str]:
    for node in nodes or ():
        yield from _names(node)


def _path(steps: Any) -> Iterator[str]:
    """Only the first step is at the top level. $states.result and $states.errorOutput exist in some fields alone."""
    first = steps[0]
    yield from _names(first)
    if len(steps) > 1 and first.type == "variable" and first.value == "states" and steps[1].type == "name":
        field = f"$states.{steps[1].value}"
        if field in (RESULT, ERROR_OUTPUT):
            yield field
