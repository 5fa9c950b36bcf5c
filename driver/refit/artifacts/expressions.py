"""Loads the JSONata expressions of the state machine (asl/expressions/*.jsonata) and fills in their constants.

A file contains one expression. A `$NAME` in upper case is replaced; all other variables are left to JSONata. It is

- a value from the pipeline or the template, written as a JSONata literal, so that no string of a pipeline file becomes
  code; or
- a name of `refit.artifacts.vocabulary`. A message becomes a concatenation in which a {field} is the value FIELD if
  there is one, else the variable `$field`; or
- the expression in the file `name.jsonata`, in parentheses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from refit.artifacts.vocabulary import MESSAGES, WORDS
from refit.errors import BuildError

CONSTANT = re.compile(r"\$([A-Z][A-Z0-9_]*)")
COMMENT = re.compile(r"^\s*/\*.*?\*/", re.MULTILINE | re.DOTALL)
"""A comment at the start of a line. Elsewhere the characters may be part of a string or a regular expression."""


class Expressions:
    """The expressions in a folder. `constants` are values that every expression may use."""

    def __init__(self, folder: Path, constants: Mapping[str, object] = MappingProxyType({})) -> None:
        self.folder = folder
        self.constants = constants

    def source(self, name: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
        """The JSONata in the file `name`, on one line. Raises BuildError if the file is missing, and like `fill_in`."""
        file = self.folder / f"{name}.jsonata"
        if not file.is_file():
            raise BuildError(f"asl/expressions/{file.name} does not exist", "fix the template")
        return self.fill_in(_text(file), values)

    def fill_in(self, expression: str, values: Mapping[str, object] = MappingProxyType({})) -> str:
        """Replaces the constants in `expression`. Raises BuildError for an unknown constant or an unused value."""
        used: set[str] = set()
        filled = self._fill_in(expression, values, used)
        if unused := sorted(values.keys() - used):
            raise BuildError(f"an expression in asl/ does not use {', '.join(unused)}", "fix the template")
        return filled

    def _fill_in(self, expression: str, values: Mapping[str, object], used: set[str]) -> str:
        known = {**WORDS, **self.constants, **values}

        def constant(match: re.Match[str]) -> str:
            name = match[1]
            file = self.folder / f"{name.lower()}.jsonata"
            if name in known:
                used.add(name)
                return _literal(known[name])
            if name in MESSAGES:
                return _message(MESSAGES[name], known, used)
            if file.is_file():
                return f"({self._fill_in(_text(file), values, used)})"
            raise BuildError(f"an expression in asl/ uses ${name}, which has no value", "fix the template")

        return CONSTANT.sub(constant, expression)


@cache
def _text(file: Path) -> str:
    return " ".join(COMMENT.sub("", file.read_text(encoding="utf-8")).split())


def _literal(value: object) -> str:
    """A value as a JSONata literal: as in JSON, or a regular expression between slashes."""
    if isinstance(value, re.Pattern):
        return f"/{value.pattern}/"
    return json.dumps(sorted(value) if isinstance(value, frozenset) else value, ensure_ascii=False)


def _message(template: str, known: Mapping[str, object], used: set[str]) -> str:
    """A message as a concatenation of texts, values and variables."""
    parts = []
    for text, field, _, _ in Formatter().parse(template):
        if text:
            parts.append(_literal(text))
        if field:
            used.add(field.upper())
            parts.append(_literal(known[field.upper()]) if field.upper() in known else f"${field}")
    return f"({' & '.join(parts)})" if len(parts) > 1 else parts[0]
