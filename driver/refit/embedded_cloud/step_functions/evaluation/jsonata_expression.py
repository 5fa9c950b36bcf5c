"""Evaluates JSONata expressions with the library jsonata-python, within AWS's bounds.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from jsonata.jexception import JException
from jsonata.jsonata import Jsonata
from jsonata.utils import Utils

from refit.embedded_cloud.step_functions.evaluation import jsonata_functions
from refit.embedded_cloud.step_functions.evaluation.jsonata_values import to_json
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT

MAX_DEPTH: Final = 100
"""The levels that an evaluation may nest (measured on AWS by floci: an addition of 100 terms, not of 101)."""
MAX_SECONDS: Final = 5.0
"""The processor time that an evaluation may take: a recursion without an end only loops.

AWS does not say what it measures. On a busy machine, time on the clock would end evaluations that do little.
"""
MAX_BYTES: Final = 6_990_256
"""The bytes that a value may have, an element of a list as eight (measured on AWS by floci)."""
FRAME: Final = jsonata_functions.frame(Jsonata.static_frame)
ELEMENTS: Final = {"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}
"""What the types of an array's elements are called in JSONata's messages."""


class JsonataError(Exception):
    """An expression is malformed or fails. The text is JSONata's code and message, as AWS shows it."""


def source_of(template: str) -> str | None:
    """The expression in `{% … %}`; None for other text, such as ` {% … %} `, which stays as it is."""
    return template[2:-2].strip() if template.startswith("{%") and template.endswith("%}", 2) else None


@lru_cache(maxsize=4096)
def parse(source: str) -> Any:
    """The parsed expression. Raises JsonataError for malformed JSONata."""
    try:
        return Jsonata(source)
    except KeyError as error:  # the library knows no such symbol
        raise JsonataError(f"S0204: Unknown operator: {json.dumps(error.args[0])}") from error
    except IndexError as error:  # the library reads past the end for the rest of a comment
        raise JsonataError("S0106: Comment has no closing tag") from error
    except re.error as error:
        raise JsonataError(f"Invalid regular expression: {error}") from error
    except JException as error:
        raise JsonataError(words(error)) from error


def evaluate(source: str, bindings: Mapping[str, Any], document: Any = None) -> Any:
    """The value of an expression as JSON; ABSENT if it is undefined.

    `bindings` are the variables, as `jsonata_values.from_json` gives them; `document` is JSONata's input, which states
    do not have. Raises JsonataError, and UnsupportedResultError for a function or a regular expression.
    """
    expression = copy.copy(parse(source))  # evaluating changes it, and threads share the parsed one
    expression.environment = _bounded()
    expression.output_convert_nulls = False
    Jsonata.CURRENT.jsonata = expression  # the library evaluates on the last expression that its thread parsed
    try:
        result = expression.evaluate(document, bindings)
    except Exception as error:  # the library lets Python's own errors through, such as TypeError from $sort
        raise JsonataError(words(error)) from error
    return ABSENT if result is None else to_json(result)


def _bounded() -> Any:
    """AWS's functions in an environment that bounds how deep, long and large an evaluation becomes."""
    environment = Jsonata.Frame(FRAME)
    depth, deadline = 0, time.thread_time() + MAX_SECONDS

    def enter(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise jsonata_functions.FunctionError(
                "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as "
                f"tail-recursive. Depth={depth} max={MAX_DEPTH}"
            )
        if time.thread_time() > deadline:
            raise jsonata_functions.FunctionError("Expression evaluation timeout: Check for infinite loop")

    def leave(expression: Any, data: Any, within: Any, result: Any) -> None:
        nonlocal depth
        depth -= 1
        if _bytes(result) > MAX_BYTES:
            raise jsonata_functions.FunctionError(jsonata_functions.MEMORY_EXCEEDED)

    environment.set_evaluate_entry_callback(enter)
    environment.set_evaluate_exit_callback(leave)
    return environment


def _bytes(value: Any) -> int:
    """The bytes of a text or a list, without those inside its elements; of a range none before it becomes a list."""
    if isinstance(value, str):
        return len(value)
    return 8 * len(value) if isinstance(value, list) and not isinstance(value, Utils.RangeList) else 0


def words(error: Exception) -> str:
    """JSONata's code and message: `T2001: The left side of the "+" operator must evaluate to a number`.

    The library says "Object" for JSONata's "function", and leaves out the quotes.
    """
    if not isinstance(error, JException) or error.error not in JException.error_codes:
        return str(error) or type(error).__name__
    values = [error.current, error.expected, ELEMENTS.get(error.extra, error.extra)]
    template = JException.error_codes[error.error].replace("Object", "function")
    return f"{error.error}: " + re.sub(r"\{\{\{?\w+\}?\}\}", lambda hole: _placed(hole, values), template)


def _placed(hole: re.Match[str], values: list[Any]) -> str:
    value = values.pop(0) if values else None
    if hole[0].startswith("{{{"):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
