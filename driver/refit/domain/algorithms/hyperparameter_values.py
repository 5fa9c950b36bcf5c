"""Defines which values a hyperparameter accepts, and repairs a value that is not one of them. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from refit.domain.csv_cells import is_number

INTEGER = re.compile(r"[+-]?[0-9]+")


class Values(Protocol):
    """The values of one hyperparameter."""

    @property
    def be(self) -> str:
        """Completes the sentence "eta must …"."""
        ...

    def accepts(self, value: str) -> bool:
        """Whether the value is valid."""
        ...

    def repaired(self, value: str) -> str:
        """The valid value that is nearest to an invalid one."""
        ...


@dataclass(frozen=True)
class Number:
    """A range that includes its ends, unless `above` excludes the lower and `below` the upper one.

    `example` is a valid value, for messages about values that are not numbers.
    """

    low: float
    high: float
    example: str
    integer: bool = False
    above: bool = False
    below: bool = False

    @property
    def be(self) -> str:
        kind = "a whole number" if self.integer else "a number"
        if self.high == math.inf:
            return f"be {kind}, {'above ' if self.above else ''}{self.low:g}{'' if self.above else ' or more'}"
        if self.above or self.below:
            low = f"above {self.low:g}" if self.above else f"at least {self.low:g}"
            return f"be {kind}, {low} and {'below' if self.below else 'at most'} {self.high:g}"
        return f"be {kind} between {self.low:g} and {self.high:g}"

    def __str__(self) -> str:
        """In the notation of AWS's messages: [0, 1], (0, +inf)."""
        high = "+inf)" if self.high == math.inf else f"{self.high:g}{')' if self.below else ']'}"
        return f"{'(' if self.above else '['}{self.low:g}, {high}"

    def is_of_type(self, value: str) -> bool:
        """Whether the value is a number at all. Python reads more: digits of other scripts, underscores, nan."""
        return is_number(value) and (not self.integer or INTEGER.fullmatch(value) is not None)

    def accepts(self, value: str) -> bool:
        return self.is_of_type(value) and self._contains(float(value))

    def repaired(self, value: str) -> str:
        if not is_number(value):
            return self.example
        number = float(value)
        if self.integer and self._contains(float(round(number))):
            return str(round(number))
        if number < self.low or (number == self.low and self.above):
            return self.example if self.above else f"{self.low:g}"
        return self.example if self.below or self.high == math.inf else f"{self.high:g}"

    def _contains(self, number: float) -> bool:
        is_above = number > self.low if self.above else number >= self.low
        return is_above and (number < self.high if self.below else number <= self.high)


@dataclass(frozen=True)
class Words:
    """One of several words, the default first; `several` are separated by commas."""

    words: tuple[str, ...]
    several: bool = False

    @property
    def be(self) -> str:
        count = "one or more of" if self.several else "one of"
        return f"be {count} {', '.join(self.words)}{', separated by commas' if self.several else ''}"

    def __str__(self) -> str:
        return str(list(self.words))

    def accepts(self, value: str) -> bool:
        return all(word in self.words for word in self._parts(value))

    def repaired(self, value: str) -> str:
        parts = [word if word in self.words else self._nearest(word) for word in self._parts(value)]
        return ",".join(dict.fromkeys(parts))

    def _parts(self, value: str) -> list[str]:
        return value.split(",") if self.several else [value]

    def _nearest(self, word: str) -> str:
        return next(iter(get_close_matches(word.strip().lower(), self.words, 1)), self.words[0])


@dataclass(frozen=True)
class Pattern:
    """A text of a certain form, with a valid example."""

    form: str
    pattern: str
    example: str

    @property
    def be(self) -> str:
        return f"be {self.form}"

    def __str__(self) -> str:
        return self.form

    def accepts(self, value: str) -> bool:
        return re.fullmatch(self.pattern, value) is not None

    def repaired(self, value: str) -> str:
        return self.example
