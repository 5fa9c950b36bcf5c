"""The values of a pipeline file, each with its location in the file. Independent of HCL's grammar."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from refit.domain.formatting import cut
from refit.errors import Problem

MAX_DEPTH = 8
"""The maximum depth of nesting; no field is nested deeper."""
MAX_NAME = 100
"""The maximum length of a name in a message."""


class Location(NamedTuple):
    """A position in a file; line and column count from 1."""

    line: int
    column: int


def location(text: str, offset: int) -> Location:
    """The location of the character at `offset` in `text`, or of its end."""
    return Location(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


class Invalid:
    """The placeholder for a value that is not a literal; the problem with it has already been reported."""

    def __repr__(self) -> str:
        return "INVALID"


INVALID = Invalid()

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = "Scalar | tuple[Located, ...] | dict[str, Located] | Invalid"
Path: TypeAlias = "Sequence[str | int]"


@dataclass(frozen=True, slots=True)
class Located:
    """One value, its location, and the location of its name (its own location for an element of a list).

    `file` is set if the locations are in another file than that of the document.
    """

    value: Value
    location: Location
    name_location: Location
    file: str = ""

    def plain(self) -> object:
        """The value alone: dict, tuple, str, int, float, bool, None, or INVALID."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, tuple):
            return tuple(child.plain() for child in self.value)
        return self.value

    def follow(self, path: Path) -> Iterator[Located]:
        """This value and the values along `path`, as far as they exist in the file; the last one is the nearest."""
        here = self
        yield here
        for step in path:
            match here.value, step:
                case dict() as fields, str() if step in fields:
                    here = fields[step]
                case tuple() as items, int() if step < len(items):
                    here = items[step]
                case _:
                    return
            yield here


@dataclass(frozen=True)
class Document:
    """The literals of one file, and the problems of all other values, which are INVALID in `root`."""

    root: Located
    problems: tuple[Problem, ...]


def dotted(path: Path) -> str:
    """`("alarms", "actions", 0)` as `alarms.actions[0]`, for a message of one line.

    Names with special characters are quoted, and long ones, which only a map may have, are cut.
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{cut(name(step), MAX_NAME)}" for step in path)
    return "".join(steps).removeprefix(".")


def name(text: str) -> str:
    """The name of a field, in double quotes if it has special characters."""
    return text if re.fullmatch(r"[\w-]+", text) else json.dumps(text)
