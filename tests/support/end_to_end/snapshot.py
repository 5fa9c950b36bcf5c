"""Applies a pipeline once for all processes that run tests, and copies it for each file that begins with it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from refit.embedded_cloud import lifecycle
from refit.project import Project
from tests.support.end_to_end.deployed import FIRST_DAY, Deployed, applied

CLOUD, CHECKOUT, DAYS = "cloud", "checkout", "days"


def taken(folder: Path, make: Callable[[lifecycle.Cloud, Path], Deployed]) -> Path:
    """The folder, with the state of a cloud on which `make` has applied a pipeline, and with the pipeline's checkout.

    The first process makes it, on a cloud that is stopped then; the others wait for it.
    """
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / DAYS).exists():
            for unfinished in (CLOUD, CHECKOUT):
                shutil.rmtree(folder / unfinished, ignore_errors=True)
            try:
                made = make(lifecycle.start(folder / CLOUD, 0), folder / CHECKOUT)
            finally:
                lifecycle.stop(folder / CLOUD)
            (folder / DAYS).write_text(f"{len(made.days)}\n")
    return folder


def copy_checkout(snapshot: Path, cloud: lifecycle.Cloud, folder: Path, name: str) -> Deployed:
    """The pipeline in a copy of its checkout, as applied on a cloud with a copy of the state."""
    shutil.copytree(snapshot / CHECKOUT, folder, symlinks=True, dirs_exist_ok=True)
    copied = applied(cloud, Project(folder), name)
    days = int((snapshot / DAYS).read_text())
    copied.days.extend(FIRST_DAY + timedelta(days=n) for n in range(days))
    return copied
