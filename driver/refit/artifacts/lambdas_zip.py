"""lambdas.zip: what the Lambda functions run, the same bytes wherever and whenever it is built.

It holds `lambdas/`, of Refit `refit.domain` alone, and the part of slack_sdk that `WebClient` needs; boto3 comes with
the runtime.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from refit.errors import BuildError
from refit.project import PACKAGE, stack_dir

LAMBDAS = stack_dir() / "lambdas"
REFIT = checkout if (checkout := stack_dir() / "driver" / "refit").is_dir() else PACKAGE
"""The package that `refit.domain` is taken from: the one that lies with the Lambdas, so that the two fit together."""

LEFT_OUT = frozenset({"audit_logs", "oauth", "rtm", "rtm_v2", "scim", "signature", "socket_mode"})
"""Whole packages of slack_sdk that are not the Web API; `slack_sdk/web` and `slack_sdk/webhook` import none of them."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip can hold."""

MODE = 0o100644 << 16
UNIX = 3


def package(target: Path) -> str:
    """Writes the zip at `target`, whole or not at all, and answers its SHA-256 in hex.

    Members are stored, not compressed: zlib's output differs between its builds (zlib, zlib-ng), and with it the hash
    that Terraform compares, so that every machine would update every function. That makes 0.7 MB instead of 0.2,
    of the 50 MB that Lambda accepts. Raises BuildError when slack_sdk is not installed.
    """
    members = dict(sorted((*_own(), *_slack_sdk())))
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for path, source in members.items():
                archive.writestr(_member(path), source.read_bytes())
        digest = hashlib.sha256(Path(name).read_bytes()).hexdigest()
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return digest


def _own() -> Iterator[tuple[str, Path]]:
    files = [*LAMBDAS.rglob("*.py"), REFIT / "__init__.py", *(REFIT / "domain").rglob("*.py")]
    for source in files:
        top = LAMBDAS if source.is_relative_to(LAMBDAS) else REFIT
        yield source.relative_to(top.parent).as_posix(), source


def _slack_sdk() -> Iterator[tuple[str, Path]]:
    """The modules of the installed distribution: no asyncio and no legacy clients, no packages but the Web API's."""
    try:
        installed = distribution("slack_sdk")
    except PackageNotFoundError as error:
        raise BuildError("slack_sdk is not installed", "run: make setup") from error
    for file in installed.files or ():
        path = PurePosixPath(file.as_posix())
        if path.parts[0] != "slack_sdk" or path.suffix != ".py" or path.parts[1] in LEFT_OUT:
            continue
        if not ("async" in path.stem or path.stem.startswith("legacy_")):
            yield str(path), Path(str(installed.locate_file(file)))


def _member(path: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, EPOCH)
    member.create_system = UNIX
    member.external_attr = MODE
    return member
