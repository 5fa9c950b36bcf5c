"""Runs `refit init` on a folder in this process, and inspects the files that it writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refit.init import init_record
from refit.init.answers import Answers
from refit.init.init import Initialized, initialize
from refit.init.repository import State
from refit.version import VERSION

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ANSWERS = Answers(workflows=f"acme/refit@{COMMIT}", owners="@acme/ml")


def init(folder: Path, *, update: bool = False, **changed: Any) -> Initialized:
    """Runs `refit init` with the previous answers, or else with ANSWERS, and with the changes."""
    return initialize(folder, lambda last: replace(last or ANSWERS, **changed), update=update)


def states(result: Initialized) -> dict[str, State]:
    """The files that are neither up to date nor the user's own, with their states."""
    return {entry.path: entry.state for entry in result.entries if entry.state not in (State.SAME, State.OWN)}


def content(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def age(folder: Path, path: str, text: str = "as an earlier version wrote it\n") -> None:
    """Makes a generated file look as if an earlier version had written it."""
    (folder / path).write_text(text)
    document = json.loads((folder / init_record.FILE).read_text())
    document["version"] = "0.1.9"
    document["files"][path] = init_record.digest(text.encode())
    (folder / init_record.FILE).write_text(json.dumps(document))


def installed_from_git(folder: Path, monkeypatch: pytest.MonkeyPatch, commit: str) -> None:
    """Writes pip's metadata of an installation from a git repository, which hides that of this environment."""
    info = folder / "site" / f"refit_sagemaker-{VERSION}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: refit-sagemaker\nVersion: {VERSION}\n")
    origin = {"url": "https://example.com/refit", "vcs_info": {"vcs": "git", "commit_id": commit}}
    (info / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.syspath_prepend(str(info.parent))
