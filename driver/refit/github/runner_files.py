"""The files that the Actions runner gives to a step: GITHUB_OUTPUT and GITHUB_STEP_SUMMARY.

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
"""What a step may write into its summary; one byte more and GitHub shows nothing of it."""

CUT = "\n\n*The rest is cut: GitHub shows 1 MiB of a step's summary. The log has all of it.*\n"


def write_outputs(outputs: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> None:
    """Sets the step's outputs. Raises RefitError outside of GitHub Actions.

    Each value stands between two lines of a random delimiter, so that no value can end itself and begin another output.
    """
    file = environ.get("GITHUB_OUTPUT")
    if not file:
        raise RefitError(
            "GITHUB_OUTPUT is not set: this is not a step of GitHub Actions", "leave out --github on your own machine"
        )
    with Path(file).open("a", encoding="utf-8", newline="") as stream:
        for name, value in outputs.items():
            if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name):
                raise ValueError(f"not a name of an output: {name!r}")
            delimiter = f"refit_{secrets.token_hex(16)}"
            stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def append_summary(markdown: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Adds `markdown` to the step's summary, cut at a line to what GitHub accepts; False when there is no summary."""
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
    # Room for the notice, and for closing a code block that the cut leaves open.
    kept = encoded[: max(0, room - len(CUT.encode()) - 64)]
    lines = kept[: kept.rfind(b"\n") + 1].decode()
    return f"{lines}{_closing_fence(lines)}{CUT}" if lines else ""


def _closing_fence(markdown: str) -> str:
    """What closes the code block that `markdown` leaves open, if it does (CommonMark, section 4.5)."""
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
