"""Constraints of single fields, and violations of rules between fields, with the words of their messages.

A `Constraint` next to a type says what the value must be and what to write; driver/refit/pipeline/problems.py makes
the sentence. A `Violation` is a complete sentence already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from refit.problem_codes import Code


@dataclass(frozen=True, slots=True)
class Constraint:
    """`be` completes the sentence "window.days must …"; `write` is an example that is valid as it is.

    `code` is the problem code of a text that breaks the constraint.
    """

    be: str
    write: str
    code: Code = Code.BAD_VALUE


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its path below the value that was checked, the whole sentence, and what to write instead."""

    path: tuple[str | int, ...]
    code: Code
    message: str
    hint: str


VIOLATIONS = "violations"
"""The type of the pydantic error, and the name of its context entry."""


def raise_violations(violations: Iterable[Violation]) -> None:
    """Raises one pydantic error that carries every violation, if there are any."""
    if found := list(violations):
        raise PydanticCustomError(VIOLATIONS, "broken rules", {VIOLATIONS: found})
