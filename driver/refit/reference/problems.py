"""Generates the table of all problem codes as Markdown, for docs/problems.md."""

from __future__ import annotations

from refit.problem_codes import Code


def codes() -> str:
    """One row per code, in the order in which a file is checked."""
    rows = (f"| `{code}` | {code.meaning} |" for code in Code)
    return "\n".join(["| code | what is wrong |", "|---|---|", *rows]) + "\n"
