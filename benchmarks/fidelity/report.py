"""Writes the results of the suites: to the terminal, to build/fidelity.json, and into docs/fidelity.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.fidelity.suite import Case
from refit.reference.pages import replaced

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "fidelity.md"
DETAILS = ROOT / "build" / "fidelity.json"
SHOWN = 25
"""The differences of a suite that the page lists; all are in build/fidelity.json."""
WIDTH = 200
"""The characters of a difference on the page."""
SUMMARY = re.compile(r"<!-- (\w+) -->\n\*\*(\d+) of (\d+)\*\* on (\d{4}-\d{2}-\d{2})")


def show(name: str, cases: Sequence[Case]) -> None:
    """Prints `suite: passed of total`, then each difference."""
    print(f"{name}: {_passed(cases)} of {len(cases)}", flush=True)
    for case in _differing(cases):
        print(f"  {case.name}: {_short(case.difference)}", flush=True)


def write(results: Mapping[str, Sequence[Case]]) -> None:
    """Writes the results of the suites that ran; the page keeps what earlier runs wrote of the others."""
    DETAILS.parent.mkdir(exist_ok=True)
    kept = json.loads(DETAILS.read_text()) if DETAILS.exists() else {}
    for name, cases in results.items():
        differences = {case.name: case.difference for case in _differing(cases)}
        kept[name] = {"passed": _passed(cases), "total": len(cases), "differences": differences}
    DETAILS.write_text(json.dumps(kept, indent=2) + "\n")
    page = PAGE.read_text()
    for name, cases in results.items():
        page = replaced(page, name, _section(cases))
    PAGE.write_text(replaced(page, "results", _table(page)))


def _table(page: str) -> str:
    rows = [
        f"| [{name}](#{name.replace(' ', '-')}) | {passed} | {total} | {day} |"
        for name, passed, total, day in SUMMARY.findall(page)
    ]
    return "\n".join(["| suite | as AWS | cases | last run |", "|---|---|---|---|", *rows]) + "\n"


def _section(cases: Sequence[Case]) -> str:
    differing = _differing(cases)
    lines = [f"**{_passed(cases)} of {len(cases)}** on {datetime.now(UTC).date()}.", ""]
    lines += [f"- {_code(case.name)}: {_code(_short(case.difference))}" for case in differing[:SHOWN]]
    if len(differing) > SHOWN:
        lines.append(f"- and {len(differing) - SHOWN} more")
    return "\n".join(lines).rstrip() + "\n"


def _code(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`"


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _passed(cases: Sequence[Case]) -> int:
    return len(cases) - len(_differing(cases))


def _differing(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.difference is not None]
