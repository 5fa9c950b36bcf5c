"""Checks the syntax of calls of intrinsic functions, such as States.Format('{}/{}', $.a, States.UUID()).

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re

from refit.embedded_cloud.step_functions.definition import paths

FUNCTIONS = frozenset(
    f"States.{name}"
    for name in (
        *("Array", "ArrayPartition", "ArrayContains", "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique"),
        *("Base64Encode", "Base64Decode", "Hash", "JsonMerge", "MathRandom", "MathAdd", "StringSplit", "UUID"),
        *("Format", "StringToJson", "JsonToString"),
    )
)
MAX_DEPTH = 10
"""A field nests up to 10 functions."""

_CALL = re.compile(r"\s*(States\.\w+)\s*\(")
_TEXT = re.compile(r"\s*'(?:[^'\\\n]|\\.)*'\s*")
_LITERAL = re.compile(r"\s*(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*")


def is_call(text: str) -> bool:
    """Whether a text is a call of intrinsic functions that exist, with arguments of the right syntax."""
    return _call(text, 0, 1) == len(text)


def _call(text: str, start: int, depth: int) -> int | None:
    """The position behind the call that begins at `start`; None if none does."""
    match = _CALL.match(text, start)
    if match is None or match[1] not in FUNCTIONS or depth > MAX_DEPTH:
        return None
    position = match.end()
    if (closing := re.compile(r"\s*\)\s*").match(text, position)) is not None:
        return closing.end()
    while True:
        after = _argument(text, position, depth)
        if after is None or after >= len(text) or text[after] not in ",)":
            return None
        position = after + 1
        if text[after] == ")":
            return position + len(text[position:]) - len(text[position:].lstrip())


def _argument(text: str, start: int, depth: int) -> int | None:
    for literal in (_TEXT, _LITERAL):
        if match := literal.match(text, start):
            return match.end()
    if _CALL.match(text, start):
        return _call(text, start, depth + 1)
    return _path(text, start)


def _path(text: str, start: int) -> int | None:
    """The position behind a path: the first comma or parenthesis outside its brackets and quotes."""
    depth, quote, position = 0, "", start
    while position < len(text):
        character = text[position]
        if quote:
            position += character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "[(":
            depth += 1
        elif depth and character in "])":
            depth -= 1
        elif character in ",)":
            break
        position += 1
    return position if paths.is_path(text[start:position].strip()) else None
