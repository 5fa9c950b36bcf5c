"""Parses pipeline files that contain nothing but plain literals, without python-hcl2.

Importing python-hcl2 and loading its grammar takes longer than everything else that `refit validate` does. This parser
knows the part of HCL that pipeline files are normally written in, and gives up on everything else: escapes, templates,
exponents, `/* */` comments, and all mistakes are left to driver/refit/pipeline/hcl/grammar.py. A test holds that both
read the same values and locations.
"""

from __future__ import annotations

import re
from bisect import bisect

from refit.pipeline.hcl.located import MAX_DEPTH, Located, Location, Value

SPACE = re.compile(r"[ \t]*")
LINE_END = re.compile(r"[ \t]*(?:(?:#|//)[^\n]*)?(?:\n|\Z)")
BLANK = re.compile(r"(?:[ \t]*(?:(?:#|//)[^\n]*)?\n)*[ \t]*(?:(?:#|//)[^\n]*\Z)?")
NAME = re.compile(r"(?!(?:true|false|null|if|in|for|for_each|else|endif|endfor)\b)[A-Za-z_][A-Za-z0-9_-]*")
ASSIGNMENT = re.compile(r"[ \t]*=(?![=>])[ \t]*")
STRING = re.compile(r'"([ !#&-\[\]-~]*)"')
NUMBER = re.compile(r"-?[0-9]{1,15}(?P<fraction>\.[0-9]{1,15})?(?![\w.])", re.ASCII)
WORD = re.compile(r"(?:true|false|null)(?![\w.(\[-])")
WORDS = {"true": True, "false": False, "null": None}


class _NotPlain(Exception):
    """The text contains something that this parser does not know."""


def parse(text: str) -> Located | None:
    """The fields of the file with this text; None if anything in it is not a plain literal, or is wrong."""
    try:
        return _Parser(text).file()
    except _NotPlain:
        return None


class _Parser:
    """Reads the text from the start to the end; `at` is the offset of the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def file(self) -> Located:
        fields: dict[str, Located] = {}
        self.take(BLANK)
        while self.at < len(self.text):
            location = self.location()
            self.add(fields, self.take(NAME)[0], location, 1)
            self.take(LINE_END)
            self.take(BLANK)
        return Located(fields, Location(1, 1), Location(1, 1))

    def add(self, fields: dict[str, Located], name: str, name_location: Location, depth: int) -> None:
        """Reads `= value` and adds it to `fields`."""
        if name in fields:
            raise _NotPlain
        self.take(ASSIGNMENT)
        location = self.location()
        fields[name] = Located(self.value(depth), location, name_location)

    def value(self, depth: int) -> Value:
        """Reads one value, which is `depth` names or positions below the file."""
        match self.text[self.at : self.at + 1]:
            case '"':
                return self.take(STRING)[1]
            case "{" | "[" if depth > MAX_DEPTH:
                raise _NotPlain
            case "{":
                return self.object(depth + 1)
            case "[":
                return self.list(depth + 1)
            case "t" | "f" | "n":
                return WORDS[self.take(WORD)[0]]
        number = self.take(NUMBER)
        return float(number[0]) if number["fraction"] else int(number[0])

    def object(self, depth: int) -> Value:
        """Reads the fields of an object, each followed by a comma, a new line or the closing brace."""
        fields: dict[str, Located] = {}
        self.at += 1
        self.take(BLANK)
        while not self.skip("}"):
            location = self.location()
            key = self.take(STRING)[1] if self.text.startswith('"', self.at) else self.take(NAME)[0]
            self.add(fields, key, location, depth)
            self.take(SPACE)
            if not self.skip(",") and not self.text.startswith("}", self.at):
                self.take(LINE_END)
            self.take(BLANK)
        return fields

    def list(self, depth: int) -> Value:
        """Reads the items of a list, each followed by a comma or the closing bracket."""
        items: list[Located] = []
        self.at += 1
        self.take(BLANK)
        while not self.skip("]"):
            location = self.location()
            items.append(Located(self.value(depth), location, location))
            self.take(SPACE)
            comma = self.skip(",")
            self.take(BLANK)
            if not comma and not self.text.startswith("]", self.at):
                raise _NotPlain
        return tuple(items)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Moves behind what `pattern` matches here. Raises _NotPlain if it does not match."""
        match = pattern.match(self.text, self.at)
        if not match:
            raise _NotPlain
        self.at = match.end()
        return match

    def skip(self, character: str) -> bool:
        """Moves behind `character` if it is here; returns whether it was."""
        here = self.text.startswith(character, self.at)
        self.at += here
        return here

    def location(self) -> Location:
        """The location of the next character."""
        line = bisect(self.lines, self.at)
        return Location(line, self.at - self.lines[line - 1] + 1)
