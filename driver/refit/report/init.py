"""The result of `refit init` as lines: what was created, what differs and how, and what is left to do."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from refit.init.init import Initialized
from refit.init.repository import Entry, State
from refit.safe_output import plain
from refit.version import VERSION


def differing(result: Initialized) -> list[Entry]:
    """The files that are not as this version generates them."""
    return result.of(State.MISSING, State.OUTDATED, State.EDITED)


def document(result: Initialized) -> dict[str, Any]:
    """The result as JSON values: the files that were written, and those that differ, as they were before."""
    return {
        "folder": str(result.folder),
        "version": VERSION,
        "first": result.first,
        "written": list(result.written),
        "copied": list(result.copied),
        "differing": [{"path": entry.path, "state": entry.state, "diff": entry.diff()} for entry in differing(result)],
        "omitted": [{"path": what, "reason": unknown.reason, "hint": unknown.hint} for what, unknown in result.omitted],
    }


def lines(result: Initialized, *, updated: bool) -> Iterator[str]:
    """The lines for the user."""
    if result.first:
        yield from _created(result)
    elif updated:
        yield from _updated(result)
    else:
        yield from _compared(result)
    for what, unknown in result.omitted:
        yield f"not generated: {what}: {unknown.reason}"
        yield f"  {unknown.hint}"


def _created(result: Initialized) -> Iterator[str]:
    yield from (f"created {path}" for path in result.written)
    yield from (f"copied the wheel of Refit to {path}" for path in result.copied)
    yield from (f"kept {entry.path}, which was there before" for entry in result.of(State.EDITED))
    yield "commit these files with .refit-init.json"
    enter = "" if result.folder == Path() else f"cd {shlex.quote(str(result.folder))} && "
    yield f"next, check the pipeline: {enter}refit validate; README.md has the commands after that"


def _updated(result: Initialized) -> Iterator[str]:
    created = {entry.path for entry in result.of(State.MISSING)}
    yield from (f"{'created' if path in created else 'updated'} {path}" for path in result.written)
    yield from (f"copied the wheel of Refit to {path}" for path in result.copied)
    for entry in result.of(State.EDITED):
        yield f"left alone, because it was edited: {entry.path}; the difference to Refit {VERSION}:"
        yield from map(plain, entry.diff().splitlines())
    yield from (f"left deleted: {entry.path}" for entry in result.of(State.DELETED))
    if not result.written and not result.copied:
        yield f"nothing to update: the generated files that were not edited are those of Refit {VERSION}"


def _compared(result: Initialized) -> Iterator[str]:
    for entry in result.of(State.OUTDATED, State.EDITED):
        yield f"{entry.state}: {entry.path}"
        yield from map(plain, entry.diff().splitlines())
    yield from (f"{entry.state}: {entry.path}" for entry in result.of(State.MISSING, State.DELETED))
    different = len(differing(result))
    if different:
        yield f"files that differ from what Refit {VERSION} generates: {different}; nothing was written"
        yield "refit init --update writes what is missing or outdated, and leaves edited files alone"
    else:
        yield f"the generated files are those of Refit {VERSION}"
