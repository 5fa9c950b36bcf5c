"""Restores the saved state: all of it, or none if a file is damaged."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any

from refit.embedded_cloud.saved_state import files, services

log = logging.getLogger("refit")

SIDECAR = "*.meta.json"
"""The files with the metadata of S3's objects, which are next to those with their bytes."""


def restore(folder: Path, objects: Path) -> dict[Path, bytes]:
    """Restores every service from the folder of the state; returns the files. S3 itself reads those in `objects`.

    Raises CloudError if a file cannot be read, or a service cannot be restored from it. No file is changed.
    """
    found = {name: _paths(folder, name) for name in services.names()}
    contents: dict[Path, bytes] = {}
    documents: dict[str, dict[Path, Any]] = defaultdict(dict)
    damaged: dict[Path, str] = {}
    for name, paths in found.items():
        decode = partial(services.decode, name)
        for path in paths:
            files.read(path, decode, contents, documents[name], damaged)
    for path in objects.rglob(SIDECAR):
        files.read(path, _metadata, {}, {}, damaged)
    files.refuse(damaged)
    for name, each in documents.items():
        _restore(name, folder, each)
    return contents


def _paths(folder: Path, name: str) -> list[Path]:
    main = folder / f"{name}.json"
    return [*([main] if main.exists() else []), *files.files_in(folder / name)]


def _restore(name: str, folder: Path, documents: dict[Path, Any]) -> None:
    main = folder / f"{name}.json"
    records = {path.stem: document for path, document in documents.items() if path != main}
    state = documents.get(main) or {}
    if not state and not records:
        return
    try:
        services.by_name(name).load_persisted_state({**state, services.RECORDS: records} if records else state)
    except Exception as error:
        log.exception("the state of %s cannot be restored", name)
        files.refuse({main: f"{type(error).__name__}: {error}"})


def _metadata(data: bytes) -> Any:
    if not isinstance(document := json.loads(data), dict):
        raise ValueError("not a JSON object")
    return document
