"""Writes the files that the Actions runner provides to a step: GITHUB_OUTPUT and GITHUB_STEP_SUMMARY.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from refit.errors import RefitError

SUMMARY_BYTES = 1024 * 1024
"""The limit of a step's summary; GitHub shows nothing of a summary that is longer."""

CUT = "\n\n*Truncated: GitHub shows 1 MiB of a step's summary. The log has the whole text.*\n"


def write_outputs(outputs: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> None:
    """Sets the step's outputs. Raises RefitError outside of GitHub Actions.

    Each value is between two lines with a random delimiter, so that no value can end early and begin another output.
    """
    file = environ.get("GITHUB_OUTPUT")
    if not file:
        raise RefitError(
            "GITHUB_OUTPUT is not set: this is not a step of GitHub Actions", "omit --github on your own machine"
        )
    with Path(file).open("a", encoding="utf-8", newline="") as stream:
        for name, value in outputs.items():
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name):
                raise ValueError(f"not the name of an output: {name!r}")
            delimiter = f"refit_{secrets.token_hex(16)}"
            stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def append_summary(markdown: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Appends `markdown` to the step's summary, truncated to GitHub's limit; False if there is no summary."""
    file = environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return False
    path = Path(file)
    room = SUMMARY_BYTES - (path.stat().st_size if path.exists() else 0)
    with path.open("a", encoding="utf-8", newline="") as stream:
        stream.write(_fit(markdown if markdown.endswith("\n") else f"{markdown}\n", room))
    return True


def _fit(markdown: str, room: int) -> str:
    encoded = markdown.encode()
    if len(encoded) <= room:
        return markdown
    # Leaves room for the notice, and for the fence of a code block that would stay open.
    kept = encoded[: max(0, room - len(CUT.encode()) - 64)]
    lines = kept[: kept.rfind(b"\n") + 1].decode()
    return f"{lines}{_closing_fence(lines)}{CUT}" if lines else ""


def _closing_fence(markdown: str) -> str:
    """The fence that closes the last code block of `markdown`, if it is open (CommonMark, section 4.5)."""
    fence = ""
    for line in markdown.splitlines():
        found = re.match(r" {0,3}(`{3,60}|~{3,60})(.*)", line)
        if not found:
            continue
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence) and not found[2].strip():
            fence = ""
    return f"{fence}\n" if fence else ""
