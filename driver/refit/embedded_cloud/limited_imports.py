"""Limits what a program can import to its own code, the standard library, and the packages that it would have on AWS.

This text runs in the program's process, before the program: without it, a program could import every package that is
installed in the environment of the embedded cloud. It imports the standard library only.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Collection, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

REFIT_SDK = frozenset({"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"})
"""AWS's SDK and its dependencies."""


class RefitImports:
    """Finds the provided packages in the hidden folders of the environment, after the program's own."""

    def __init__(self, hidden: Sequence[str], provided: Collection[str]) -> None:
        self._hidden = list(hidden)
        self._provided = provided

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The place of a provided package. Its submodules are found in the package itself."""
        return PathFinder.find_spec(name, self._hidden, target) if path is None and name in self._provided else None


def refit_limit_imports(provided: Collection[str], own: Collection[str] = ()) -> None:
    """Leaves the standard library on the path, and the program's own folders; others may be added to it later."""
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    standard |= {f"{folder}{os.sep}lib-dynload" for folder in standard}
    visible = [entry for entry in sys.path if entry in standard or entry in own or entry.endswith(".zip")]
    hidden = [entry for entry in sys.path if entry not in visible]
    sys.path[:] = visible
    # The finder of an editable installation would find its package without a path.
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in getattr(finder, "__module__", "")]
    sys.meta_path.append(RefitImports(hidden, provided))
