"""Determines the origin of the installed Refit: the hash of its wheel, for requirements.txt, and its commit.

A hash is only taken from the installer's record or computed from a file; otherwise it is unknown.
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
FOLDER = "wheels"
"""The folder of a repository for the wheel, if it was not installed from a package index or an address."""
DOWNLOAD_SECONDS = 120


@dataclass(frozen=True)
class Requirement:
    """The entry for this Refit in requirements.txt: its name, and the SHA-256 of its wheel in hex.

    `copied_from` is the wheel to copy into the repository, to the path that `name` is.
    """

    name: str
    sha256: str
    copied_from: Path | None = None

    def copies(self) -> dict[str, bytes]:
        """The files to write in addition to requirements.txt: their path in the repository → content."""
        return {self.name.removeprefix("./"): self.copied_from.read_bytes()} if self.copied_from else {}

    def __str__(self) -> str:
        return f"{self.name} \\\n    --hash=sha256:{self.sha256}"


@dataclass(frozen=True)
class Unknown:
    """Why the hash is unknown, and how to get it."""

    reason: str
    hint: str


def from_wheel(wheel: Path, root: Path, folder: str = FOLDER) -> Requirement:
    """The requirement for the wheel given by the user. Raises RefitError if it is not the wheel of this version.

    It is installed from the repository `root`: from its own path, or from its copy in `folder` if it is outside.
    """
    if wheel.name != WHEEL or not wheel.is_file():
        raise RefitError(f"--wheel {wheel} is not the wheel of this version", f"name an existing file {WHEEL}")
    full, root = wheel.resolve(), root.resolve()
    if full.is_relative_to(root):
        return Requirement(f"./{full.relative_to(root).as_posix()}", _sha256(full))
    return Requirement(f"./{folder}/{WHEEL}", _sha256(full), full)


def requirement(root: Path, folder: str = FOLDER) -> Requirement | Unknown:
    """The requirement for this Refit, from the installer's record.

    If it was installed from a wheel on this machine, that is copied into `folder` of the repository `root`.

    Installers do not record the hash of a package from an index; in that case, pip downloads the wheel once more.
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
        return from_wheel(file, root, folder)
    if file:
        return Unknown(f"{file}, from which this Refit was installed, is missing or has been replaced", _hint())
    archive = record["archive_info"]
    sha256 = archive.get("hashes", {}).get("sha256") or str(archive.get("hash", "")).removeprefix("sha256=")
    if not sha256:
        return Unknown(f"the installer of this Refit recorded no hash of {url}", _hint())
    return Requirement(f"{DISTRIBUTION} @ {url}", sha256)


def commit() -> str | None:
    """The commit that this Refit was built from; None if neither the wheel nor the installer's record has it."""
    built_from = stack_dir() / "COMMIT"
    if built_from.is_file():
        return built_from.read_text().strip()
    return ((_direct_url() or {}).get("vcs_info") or {}).get("commit_id")


def _direct_url() -> Mapping[str, Any] | None:
    """The installer's record; empty for a package from an index, None if Refit is not an installed package."""
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
            return Unknown(f"{WHEEL} on the package index differs from the installed one", _hint())
        return Requirement(name, _sha256(wheel))


def _is_installed(wheel: Path) -> bool:
    """Whether this wheel is the installed one: the installer's record contains its list of files and hashes.

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
