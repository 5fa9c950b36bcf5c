"""Loads the JSONata expressions of the state machine (asl/expressions/*.jsonata) and fills in their constants.

A file holds one expression. A `$NAME` in upper case is replaced; every other variable is left to JSONata. It is

- a value that the template passes, written as a JSONata literal: no text of a pipeline file becomes code; or
- a name of `refit.artifacts.vocabulary`. A message becomes a concatenation in which a {field} is the value FIELD if the
  template passes one, else the variable `$field`; or
- the expression in the file `name.jsonata`, in parentheses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter

from refit.artifacts.vocabulary import MESSAGES, WORDS
from refit.errors import BuildError

CONSTANT = re.compile(r"\$([A-Z][A-Z0-9_]*)")
COMMENT = re.compile(r"^\s*/\*.*?\*/", re.MULTILINE | re.DOTALL)
"""A comment at the start of a line. Elsewhere the characters may be part of a string or a regular expression."""


class Expressions:
    """The expressions in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def source(self, name: str, values: Mapping[str, object]) -> str:
        """The JSONata of the file `name`, on one line. Raises BuildError as `fill_in` does."""
        return self.fill_in(_text(self.folder / f"{name}.jsonata"), values)

    def fill_in(self, expression: str, values: Mapping[str, object]) -> str:
        """`expression` with its constants replaced. Raises BuildError for an unknown constant or an unused value."""
        used: set[str] = set()
        filled = self._fill_in(expression, values, used)
        if unused := sorted(values.keys() - used):
            raise BuildError(f"an expression in asl/ does not use {', '.join(unused)}", "fix the template")
        return filled

    def _fill_in(self, expression: str, values: Mapping[str, object], used: set[str]) -> str:
        return CONSTANT.sub(lambda match: self._constant(match[1], values, used), expression)

    def _constant(self, name: str, values: Mapping[str, object], used: set[str]) -> str:
        if name in values:
            used.add(name)
            return _literal(values[name])
        if name in WORDS:
            return _literal(WORDS[name])
        if name in MESSAGES:
            return _message(MESSAGES[name], values, used)
        file = self.folder / f"{name.lower()}.jsonata"
        if file.is_file():
            return f"({self._fill_in(_text(file), values, used)})"
        raise BuildError(f"an expression in asl/ uses ${name}, which has no value", "fix the template")


@cache
def _text(file: Path) -> str:
    return " ".join(COMMENT.sub("", file.read_text(encoding="utf-8")).split())


def _literal(value: object) -> str:
    """A value in JSONata, whose literals are those of JSON, and regular expressions between slashes."""
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/"
    return json.dumps(sorted(value) if isinstance(value, set | frozenset) else value, ensure_ascii=False)


def _message(template: str, values: Mapping[str, object], used: set[str]) -> str:
    parts = []
    for text, field, _, _ in Formatter().parse(template):
        if text:
            parts.append(_literal(text))
        if field and field.upper() in values:
            used.add(field.upper())
            parts.append(_literal(values[field.upper()]))
        elif field:
            parts.append(f"${field}")
    return f"({' & '.join(parts)})" if len(parts) > 1 else parts[0]
