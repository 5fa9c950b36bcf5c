"""What the schema says of a field that is not as it must be, and of fields that do not go together.

A `Constraint` next to a type says what the value must be and what to write; driver/refit/pipeline/problems.py puts it
into a sentence. A `Violation` is a sentence already.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from refit.problem_codes import Code


@dataclass(frozen=True, slots=True)
class Constraint:
    """`be` completes the sentence "window.days must …"; `write` is an example that is valid as it stands.

    `code` is that of a text which is not as it must be.
    """

    be: str
    write: str
    code: Code = Code.BAD_VALUE


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where (a path below the value that was judged), the whole sentence, and what to write."""

    path: tuple[str | int, ...]
    code: Code
    message: str
    hint: str


FINDINGS = "findings"


def findings(found: list[Violation]) -> None:
    """Raises one pydantic error that carries every finding, when there are any."""
    if found:
        raise PydanticCustomError(FINDINGS, "broken rules", {FINDINGS: found})
