"""Reference paths: the paths of ResultPath, which name one place where a value is put.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
https://states-language.net/#reference-paths
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import json_path_syntax
from refit.embedded_cloud.step_functions.evaluation.errors import RESULT_PATH_MATCH_FAILURE, EvaluationError
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import Indexes, Names, PathSyntaxError
from refit.embedded_cloud.step_functions.evaluation.json_text import compact


@lru_cache(maxsize=4096)
def parse(text: str) -> tuple[str | int, ...]:
    """The names and indexes of a reference path. Raises PathSyntaxError.

    It starts with `$` and has only single names and indexes that are not negative.
    """
    path = json_path_syntax.parse(text)
    keys: list[str | int] = []
    for step in path.steps:
        match step:
            case Names((name,)):
                keys.append(name)
            case Indexes((index,)) if index >= 0:
                keys.append(index)
            case _:
                raise PathSyntaxError(f"not a reference path: {text}")
    if path.document != "input" or path.length:
        raise PathSyntaxError(f"not a reference path: {text}")
    return tuple(keys)


def put(text: str, document: Any, value: Any) -> Any:
    """`document` with `value` at the reference path, in objects that are made where there are none.

    Raises EvaluationError States.ResultPathMatchFailure where something that is not an object has a name put into it,
    or a list has no such element. `document` itself stays as it is.
    """
    keys = parse(text)
    try:
        return _put(keys, document, value)
    except LookupError:
        words = f"Unable to apply ReferencePath {text} to input {compact(document)}"
        raise EvaluationError(RESULT_PATH_MATCH_FAILURE, words) from None


def _put(keys: tuple[str | int, ...], document: Any, value: Any) -> Any:
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(key, str) and isinstance(document, dict):
        inside = _put(rest, document[key], value) if key in document else _made(rest, value)
        return {**document, key: inside}
    if isinstance(key, int) and isinstance(document, list):
        inside = _put(rest, document[key], value)  # raises IndexError, a LookupError, past the end
        return [*document[:key], inside, *document[key + 1 :]]
    raise LookupError(key)


def _made(keys: tuple[str | int, ...], value: Any) -> Any:
    """New objects around `value`; a list cannot be made."""
    return _put(keys, {}, value) if keys else value
