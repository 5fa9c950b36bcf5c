"""Reads and writes .refit-init.json: the hashes of the files that `refit init` wrote, its answers and its version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from refit.errors import RefitError
from refit.init import answers as answers_document
from refit.init.answers import Answers
from refit.version import VERSION

FILE = ".refit-init.json"


@dataclass(frozen=True)
class InitRecord:
    """What `refit init` wrote last: `hashes` has the SHA-256 of each text by path."""

    version: str
    answers: Answers
    hashes: Mapping[str, str]


def read(folder: Path) -> InitRecord | None:
    """The record in `folder`; None before the first `refit init`. Raises RefitError if the file is invalid."""
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        answers = answers_document.from_document(document["answers"])
        return InitRecord(str(document["version"]), answers, dict(document["files"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefitError(
            f"{folder / FILE} cannot be read: {error}",
            f"restore it (git checkout {FILE}), or remove it to run refit init as in a new repository",
        ) from error


def text(answers: Answers, hashes: Mapping[str, str]) -> str:
    """The file's text, for files that this version has written."""
    document = {"version": VERSION, "answers": asdict(answers), "files": dict(sorted(hashes.items()))}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def digest(content: bytes) -> str:
    """The hash of a file's content."""
    return hashlib.sha256(content).hexdigest()
