"""Packs lambdas.zip, the code of the Lambda functions. Builds are reproducible: the same bytes on every machine.

It contains `lambdas/`, `refit.domain`, `refit.quality`, the part of slack_sdk that `WebClient` needs, and the time zone
of the window if it is not UTC. boto3 comes with the runtime, and pyarrow with a layer.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from refit.domain import time_zones
from refit.errors import BuildError
from refit.project import PACKAGE, stack_dir

LAMBDAS = stack_dir() / "lambdas"
REFIT = checkout if (checkout := stack_dir() / "driver" / "refit").is_dir() else PACKAGE
"""The package to take `refit.domain` from. It comes from the same checkout as `lambdas/`, so that the two match."""

LEFT_OUT = frozenset({"audit_logs", "oauth", "rtm", "rtm_v2", "scim", "signature", "socket_mode"})
"""Packages of slack_sdk outside the Web API. Neither `slack_sdk/web` nor `slack_sdk/webhook` imports them."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest timestamp that a zip file can store."""

MODE = 0o100644 << 16
UNIX = 3


def package(target: Path, zone: str = "UTC") -> str:
    """Writes the zip file to `target`, with the data of the time zone `zone`; returns its SHA-256 in hex.

    Members are stored, not compressed, because the output of zlib differs between its builds (zlib, zlib-ng). Terraform
    compares the file's hash, so each machine would update every function. Without compression, the file has 0.8 MB
    instead of 0.2; Lambda accepts 50 MB. Raises BuildError if slack_sdk is not installed.
    """
    members: dict[str, Traversable] = {**dict(_own()), **dict(_slack_sdk()), **time_zones.files_of(zone)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, source in sorted(members.items(), key=lambda member: member[0]):
            archive.writestr(_member(path), source.read_bytes())
    return hashlib.sha256(target.read_bytes()).hexdigest()


def _own() -> Iterator[tuple[str, Path]]:
    shared = [*(REFIT / "domain").rglob("*.py"), *(REFIT / "quality").rglob("*.py")]
    files = [*LAMBDAS.rglob("*.py"), REFIT / "__init__.py", *shared]
    for source in files:
        top = LAMBDAS if source.is_relative_to(LAMBDAS) else REFIT
        yield source.relative_to(top.parent).as_posix(), source


def _slack_sdk() -> Iterator[tuple[str, Path]]:
    """The modules of the installed slack_sdk, without asyncio, legacy clients, and the packages in LEFT_OUT."""
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
