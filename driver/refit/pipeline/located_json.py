"""Parses JSON to values with their locations, and reports a name that an object has twice (RFC 8259).

The standard library's decoder has no locations; it reads the strings and numbers here.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from bisect import bisect_right

from refit.errors import InvalidPipeline, Problem
from refit.pipeline.hcl.literals import MAX_DIGITS
from refit.pipeline.hcl.located import INVALID, MAX_DEPTH, Located, Location, Path, Scalar, Value, dotted, location
from refit.pipeline.hcl.syntax_errors import CONFLICT, FINISH_MERGE
from refit.problem_codes import Code

SPACE = re.compile(r"[ \t\r\n]*")
SCALAR = re.compile(r'["0-9-]|true\b|false\b|null\b')


def parse(text: str, file: str, path: Path) -> tuple[Located, list[Problem]]:
    """The value in `text`, which messages call `path`, and the problems of values that are INVALID in it.

    Raises InvalidPipeline with the first problem if the text cannot be parsed at all.
    """
    if marker := CONFLICT.search(text):
        message = f"found {marker[1]}, which git left here: a merge is unfinished"
        raise InvalidPipeline([Problem(file, *location(text, marker.start()), Code.SYNTAX, message, FINISH_MERGE)])
    reader = _Reader(text, file)
    found = reader.value(path, 0)
    reader.skip_space()
    if reader.at < len(text):
        raise reader.unexpected("expected the end of the file")
    return found, reader.problems


class _Reader:
    """Reads `text` from the offset `at`."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.at = 0
        self.problems: list[Problem] = []
        self.lines = [0, *(end.end() for end in re.finditer("\n", text))]
        self.decoder = json.JSONDecoder(parse_int=_whole, parse_constant=_no_constant)

    def value(self, path: Path, depth: int) -> Located:
        self.skip_space()
        start = self.at
        if depth > MAX_DEPTH:
            raise self.problem(start, Code.TOO_DEEP, f"{dotted(path)} is nested deeper than {MAX_DEPTH} levels", "")
        value: Value
        if self.accept("["):
            value = self.items(path, depth)
        elif self.accept("{"):
            value = self.members(path, depth)
        else:
            value = self.scalar()
            if isinstance(value, int | float) and not math.isfinite(value):
                self.reject(start, Code.OUT_OF_RANGE, f"{dotted(path)} is larger than any field accepts", "")
                value = INVALID
        place = self.place(start)
        return Located(value, place, place, self.file)

    def items(self, path: Path, depth: int) -> tuple[Located, ...]:
        items: list[Located] = []
        while not (not items and self.accept("]")):
            items.append(self.value((*path, len(items)), depth + 1))
            if self.accept("]"):
                break
            if not self.accept(","):
                raise self.unexpected("expected a comma or ]")
        return tuple(items)

    def members(self, path: Path, depth: int) -> dict[str, Located]:
        fields: dict[str, Located] = {}
        while not (not fields and self.accept("}")):
            self.skip_space()
            start = self.at
            name = self.scalar() if self.text.startswith('"', start) else None
            if not isinstance(name, str):
                raise self.unexpected("expected a field's name in double quotes")
            if not self.accept(":"):
                raise self.unexpected("expected : between the field's name and its value")
            found = self.value((*path, name), depth + 1)
            place = self.place(start)
            if name in fields:
                first = fields[name].name_location.line
                message = f"{dotted((*path, name))} is set twice, first on line {first}"
                self.reject(start, Code.DUPLICATE_KEY, message, "keep one of them")
            else:
                fields[name] = Located(found.value, found.location, place, self.file)
            if self.accept("}"):
                break
            if not self.accept(","):
                raise self.unexpected("expected a comma or }")
        return fields

    def scalar(self) -> Scalar:
        start = self.at
        if not SCALAR.match(self.text, start):
            raise self.unexpected("expected a value")
        try:
            value, self.at = self.decoder.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            what = "this string is not closed on its line, or has an invalid escape sequence"
            if self.text[start] != '"':
                what = "this is not a number of JSON"
            code = Code.BAD_STRING if self.text[start] == '"' else Code.SYNTAX
            raise self.problem(min(error.pos, len(self.text)), code, what, "") from None
        except ValueError:
            raise self.problem(start, Code.SYNTAX, "this is not a number of JSON", "") from None
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                message = "this string has half of a surrogate pair, which is not a character"
                raise self.problem(start, Code.BAD_STRING, message, "write the character itself") from None
            return unicodedata.normalize("NFC", value)
        return value if isinstance(value, int | float) else None

    def place(self, offset: int) -> Location:
        """The location of an offset, found without reading the text again."""
        line = bisect_right(self.lines, offset)
        return Location(line, offset - self.lines[line - 1] + 1)

    def accept(self, character: str) -> bool:
        """Whether the next character is this one, which is then read."""
        self.skip_space()
        found = self.text.startswith(character, self.at)
        self.at += found
        return found

    def skip_space(self) -> None:
        space = SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at

    def reject(self, offset: int, code: Code, message: str, hint: str) -> None:
        self.problems.append(Problem(self.file, *self.place(offset), code, message, hint))

    def problem(self, offset: int, code: Code, message: str, hint: str) -> InvalidPipeline:
        self.reject(offset, code, message, hint)
        return InvalidPipeline([self.problems[-1]])

    def unexpected(self, expected: str) -> InvalidPipeline:
        """The error for the next characters."""
        self.skip_space()
        rest = self.text[self.at :]
        word = re.match(r"[\w.-]{1,30}|//|/\*|.", rest)
        found = "the end of the file"
        if word:
            found = word[0] if word[0].isprintable() else f"the character U+{ord(word[0][0]):04X}"
        hint = ""
        if rest.startswith(("//", "/*", "#")):
            hint = "remove the comment, which JSON does not have"
        elif rest.startswith(("]", "}")) and self.text[: self.at].rstrip().endswith(","):
            hint = "remove the comma before it"
        elif rest.startswith("'"):
            hint = 'write strings in double quotes: "…"'
        return self.problem(self.at, Code.SYNTAX, f"found {found}, {expected}", hint)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
