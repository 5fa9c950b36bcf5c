"""Every code of a problem as Markdown: docs/problems.md is made of it."""

from __future__ import annotations

from refit.problem_codes import Code


def codes() -> str:
    """One row a code, in the order in which a file is looked at."""
    rows = (f"| `{code}` | {code.meaning} |" for code in Code)
    return "\n".join(["| code | what is wrong |", "|---|---|", *rows]) + "\n"
