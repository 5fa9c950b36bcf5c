"""Lambda: keeps the code of functions until the state without them is saved, and refuses code that is damaged.

ministack has the code in files that are named after their hash, deletes those of deleted functions before it saves the
state, and restores a function without its code if the file is missing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from refit.embedded_cloud.ministack_patches.patching import Patch, lookup

MODULE = "ministack.services.lambda_svc"

for _symbol in ("CODE_BLOB_DIR", "_BLOB_REF_KEY", "_functions"):
    lookup(MODULE, _symbol)


def install() -> None:
    """Replaces what reads and deletes the files. Call it before the state is restored."""
    Patch(MODULE, "_read_code_blob", _read).apply()
    Patch(MODULE, "_prune_orphan_code_blobs", _keep).apply()


def delete_unused() -> None:
    """Deletes the code that no function has any more. Call it after the state was restored."""
    used = {hashlib.sha256(code).hexdigest() for code in map(_code, _versions()) if code}
    for path in Path(lambda_svc.CODE_BLOB_DIR).glob("*.zip"):
        if path.stem not in used:
            path.unlink()


def _versions() -> list[dict[str, Any]]:
    functions = list(lambda_svc._functions._data.values())
    return [*functions, *(version for each in functions for version in each.get("versions", {}).values())]


def _code(function: dict[str, Any]) -> bytes | None:
    code = function.get("code_zip")
    return code if isinstance(code, bytes) else None


def _read(read: Any, digest: str) -> bytes:
    code: bytes | None = read(digest)
    if code is None or hashlib.sha256(code).hexdigest() != digest:
        raise ValueError(f"{Path(lambda_svc.CODE_BLOB_DIR) / f'{digest}.zip'} is missing or damaged")
    return code


def _keep(_: Any, referenced: object) -> None:
    """Deletes nothing: the state on the disk may still need it."""
