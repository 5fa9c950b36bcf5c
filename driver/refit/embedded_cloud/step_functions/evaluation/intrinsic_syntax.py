"""Parses calls of intrinsic functions.

Arguments are text in single quotes (with `\\'`, `\\{`, `\\}` and `\\\\`), numbers, true, false, null, paths and calls.
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from refit.embedded_cloud.step_functions.evaluation import json_path_syntax

MAX_NESTED = 10
"""Intrinsic functions that may stand inside each other (the page above)."""

CALL = re.compile(r"States\.(\w+)\(")
TEXT = re.compile(r"'((?:[^'\\]|\\['{}\\])*)'")
LITERAL = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
PATH = re.compile(  # up to a comma, a bracket or a space outside of [?(…)] and ['…']
    r"""\$(?:[^,()\['\s] | \[(?: '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | \((?:[^()]|\([^()]*\))*\) | [^\]'"(] )*\])*
        (?:(?<=\.length)\(\))?""",
    re.VERBOSE,
)
SPACE = re.compile(r"\s*")


class IntrinsicSyntaxError(ValueError):
    """A text is not a call of an intrinsic function."""


@dataclass(frozen=True)
class Literal:
    """A number, a boolean or null."""

    value: Any


@dataclass(frozen=True)
class Text:
    """Text as it is written between the quotes, with its escapes."""

    written: str

    def unescaped(self) -> str:
        """The text that is meant."""
        return re.sub(r"\\(.)", r"\1", self.written)


@dataclass(frozen=True)
class Path:
    """A path to the input, the context object or a variable."""

    text: str


@dataclass(frozen=True)
class Call:
    """`States.<name>(<arguments>)`."""

    name: str
    arguments: tuple[Argument, ...]


Argument = Literal | Text | Path | Call


@lru_cache(maxsize=4096)
def parse(source: str) -> Call:
    """The call that `source` writes. Raises IntrinsicSyntaxError."""
    call, end = _argument(source, 0, 1)
    if not isinstance(call, Call) or source[end:].strip():
        raise IntrinsicSyntaxError("Invalid Intrinsic Function")
    return call


def _argument(source: str, at: int, depth: int) -> tuple[Argument, int]:
    if found := CALL.match(source, at):
        if depth > MAX_NESTED:
            raise IntrinsicSyntaxError(f"more than {MAX_NESTED} intrinsic functions are nested")
        return _call(source, found[1], found.end(), depth)
    if found := TEXT.match(source, at):
        return Text(found[1]), found.end()
    if found := LITERAL.match(source, at):
        return Literal(json.loads(found[0])), found.end()
    if found := PATH.match(source, at):
        try:
            json_path_syntax.parse(found[0])
        except json_path_syntax.PathSyntaxError as error:
            raise IntrinsicSyntaxError(f"Invalid path: {found[0]}") from error
        return Path(found[0]), found.end()
    raise IntrinsicSyntaxError("Invalid Intrinsic Function")


def _call(source: str, name: str, at: int, depth: int) -> tuple[Call, int]:
    arguments: list[Argument] = []
    at = _skipped(source, at)
    if source.startswith(")", at):
        return Call(name, ()), at + 1
    while True:
        argument, at = _argument(source, at, depth + 1)
        arguments.append(argument)
        at = _skipped(source, at)
        if source.startswith(")", at):
            return Call(name, tuple(arguments)), at + 1
        if not source.startswith(",", at):
            raise IntrinsicSyntaxError("Invalid Intrinsic Function")
        at = _skipped(source, at + 1)


def _skipped(source: str, at: int) -> int:
    found = SPACE.match(source, at)
    return found.end() if found else at
