"""Finds out where the installed Refit came from: its wheel's hash for requirements.txt, and its commit.

A hash is only ever taken from the installer's record or computed from a file; without either there is none.
https://packaging.python.org/en/latest/specifications/direct-url/
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from refit.errors import RefitError
from refit.project import DISTRIBUTION, stack_dir
from refit.version import VERSION

WHEEL = f"{DISTRIBUTION.replace('-', '_')}-{VERSION}-py3-none-any.whl"
DOWNLOAD_SECONDS = 120


@dataclass(frozen=True)
class Requirement:
    """How requirements.txt names this Refit, and the SHA-256 of its wheel in hex."""

    name: str
    sha256: str

    def __str__(self) -> str:
        return f"{self.name} \\\n    --hash=sha256:{self.sha256}"


@dataclass(frozen=True)
class Unknown:
    """Why there is no hash, and how to get one."""

    reason: str
    hint: str


def from_wheel(wheel: Path, root: Path) -> Requirement:
    """The requirement for a wheel that the user names. Raises RefitError for anything but the wheel of this version.

    A wheel inside the repository `root` is installed from there; another one is expected on the package index.
    """
    if wheel.name != WHEEL or not wheel.is_file():
        raise RefitError(f"--wheel {wheel} is not the wheel of this version", f"name an existing file {WHEEL}")
    full, root = wheel.resolve(), root.resolve()
    inside = full.is_relative_to(root)
    name = f"./{full.relative_to(root).as_posix()}" if inside else f"{DISTRIBUTION}=={VERSION}"
    return Requirement(name, _sha256(full))


def requirement(root: Path) -> Requirement | Unknown:
    """The requirement for this Refit, from what its installer recorded.

    Installed from a package index, whose hash no installer records, it asks pip to download the wheel once more.
    """
    record = _direct_url()
    if record is None:
        return Unknown("this Refit is not an installed package", _hint())
    if not record:
        return _downloaded()
    if "archive_info" not in record:
        return Unknown("this Refit was installed from a folder or a git repository", _hint())
    url = str(record["url"])
    address = urlsplit(url)
    file = Path(unquote(address.path)) if address.scheme == "file" else None
    if file and file.is_file() and _is_installed(file):
        return from_wheel(file, root)
    archive = record["archive_info"]
    sha256 = archive.get("hashes", {}).get("sha256") or str(archive.get("hash", "")).removeprefix("sha256=")
    if not sha256:
        return Unknown(f"the installer of this Refit recorded no hash of {url}", _hint())
    return Requirement(f"{DISTRIBUTION}=={VERSION}" if file else f"{DISTRIBUTION} @ {url}", sha256)


def commit() -> str | None:
    """The commit that this Refit was built from; None when neither the wheel nor its installer knows it."""
    built_from = stack_dir() / "COMMIT"
    if built_from.is_file():
        return built_from.read_text().strip()
    return ((_direct_url() or {}).get("vcs_info") or {}).get("commit_id")


def _direct_url() -> Mapping[str, Any] | None:
    """The installer's record; empty for a package from an index, None when Refit is not an installed package."""
    try:
        recorded = distribution(DISTRIBUTION).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    record: Mapping[str, Any] = json.loads(recorded) if recorded else {}
    return record


def _downloaded() -> Requirement | Unknown:
    name = f"{DISTRIBUTION}=={VERSION}"
    with tempfile.TemporaryDirectory(prefix="refit-init-") as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "-d", folder]
        try:
            done = subprocess.run(  # noqa: S603 - a list, read by no shell
                [*command, name],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=DOWNLOAD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Unknown(f"pip did not download {name} within {DOWNLOAD_SECONDS} s", _hint())
        wheel = Path(folder, WHEEL)
        if done.returncode or not wheel.is_file():
            last = (done.stderr.strip().splitlines() or ["it printed no reason"])[-1]
            return Unknown(f"pip could not download {name}: {last}", _hint())
        if not _is_installed(wheel):
            return Unknown(f"the package index has another {WHEEL} than the installed one", _hint())
        return Requirement(name, _sha256(wheel))


def _is_installed(wheel: Path) -> bool:
    """Whether this wheel is the installed one: its list of files and hashes is part of the installer's.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
    """
    record = f"{WHEEL.partition('-py3')[0]}.dist-info/RECORD"
    try:
        with zipfile.ZipFile(wheel) as archive:
            files = set(archive.read(record).decode().splitlines())
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    installed = (distribution(DISTRIBUTION).read_text("RECORD") or "").splitlines()
    return {line for line in files if not line.startswith(record)} <= set(installed)


def _hint() -> str:
    return f"run: refit init --update --wheel PATH/{WHEEL} (in a checkout of Refit, make wheel builds it in dist/)"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
