"""Compares the generated files with those in a folder, and writes them: all or none, and never over an edited file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from refit import refit_toml
from refit.init import init_record
from refit.init.answers import Answers
from refit.init.files import GeneratedFile
from refit.init.init_record import InitRecord, digest
from refit.init.write import write_all
from refit.version import VERSION


class State(StrEnum):
    """How a file in the folder relates to what this version generates."""

    MISSING = "missing"
    SAME = "same"
    OUTDATED = "outdated"
    """As an earlier version or other answers generated it."""
    EDITED = "edited"
    """Changed by the team, or there before `refit init`."""
    DELETED = "deleted"
    """Deleted by the team after it had been generated."""
    OWN = "own"
    """A pipeline file: the team's from the beginning."""


@dataclass(frozen=True)
class Entry:
    """One file: its path, the text on disk (None: no file), and the text to generate."""

    path: str
    state: State
    current: str | None
    generated: str

    def diff(self) -> str:
        """The unified diff from the file on disk to the generated text."""
        lines = difflib.unified_diff(
            (self.current or "").splitlines(), self.generated.splitlines(), self.path, f"refit {VERSION}", lineterm=""
        )
        return "\n".join(lines)


def compare(folder: Path, files: Mapping[str, GeneratedFile], known: InitRecord | None) -> list[Entry]:
    """One entry a generated file, in the order of their paths."""
    return [_entry(folder / path, path, file, known) for path, file in sorted(files.items())]


def write(folder: Path, entries: list[Entry], answers: Answers, known: InitRecord | None) -> list[str]:
    """Writes what is missing or outdated, and what .refit-init.json remembers of it; returns the paths written.

    Everything else stays as it is. Raises RefitError, with nothing written, when a file cannot be.
    """
    chosen = [entry for entry in entries if entry.state in (State.MISSING, State.OUTDATED)]
    hashes = dict(known.hashes if known else {})
    hashes |= {entry.path: digest(entry.generated.encode()) for entry in (*chosen, *_same(entries))}
    texts = {entry.path: entry.generated for entry in chosen}
    remembered = init_record.text(answers, hashes)
    replaced = {entry.path for entry in chosen if entry.current is not None}
    if known:
        replaced.add(init_record.FILE)
    write_all(folder, texts | {init_record.FILE: remembered}, replaced)
    return list(texts)


def _same(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.state is State.SAME]


def _entry(file: Path, path: str, generated: GeneratedFile, known: InitRecord | None) -> Entry:
    remembered = known.hashes.get(path) if known else None
    content = file.read_bytes() if file.is_file() else None
    current = None if content is None else content.decode(errors="replace")
    text = generated.text
    if path == refit_toml.FILE and current is not None and known:
        text = _with_version(current)
    if generated.once and remembered:
        state = State.OWN
    elif content is None:
        state = State.DELETED if remembered else State.MISSING
    elif content == text.encode():
        state = State.SAME
    elif path == refit_toml.FILE and known:
        state = State.OUTDATED  # only its version is ever replaced, whatever else was edited
    else:
        state = State.OUTDATED if digest(content) == remembered else State.EDITED
    return Entry(path, state, current, text)


def _with_version(toml: str) -> str:
    """A team's refit.toml, with the installed version in its line `version = "…"` and all else as it was."""
    lines = toml.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.lstrip().startswith("["):  # the first table: the settings before it are over
            break
        lines[number] = re.sub(r"""^(\s*version\s*=\s*)("[^"]*"|'[^']*')""", rf'\g<1>"{VERSION}"', line)
    return "".join(lines)
