"""Constraints on single fields, and violations of rules between fields, with the wording of their messages.

A `Constraint` next to a type says what the value must be and what to write; driver/refit/pipeline/problems.py composes
the message. The message of a `Violation` is already complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from refit.problem_codes import Code


@dataclass(frozen=True, slots=True)
class Constraint:
    """`be` completes the sentence "window.days must …"; `write` is an example that is valid as it is.

    `code` is the problem code for a value that violates the constraint.
    """

    be: str
    write: str
    code: Code = Code.BAD_VALUE


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: its path relative to the checked value, the complete message, and what to write instead.

    With `from_root`, the path is that of a value in another section.
    """

    path: tuple[str | int, ...]
    code: Code
    message: str
    hint: str
    from_root: bool = False


VIOLATIONS = "violations"
"""The type of the pydantic error, and the name of its context entry."""


def raise_violations(violations: Iterable[Violation]) -> None:
    """Raises one pydantic error that carries every violation, if there are any."""
    if found := list(violations):
        raise PydanticCustomError(VIOLATIONS, "broken rules", {VIOLATIONS: found})
