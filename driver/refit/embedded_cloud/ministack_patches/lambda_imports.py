"""Limits what a Lambda function can import to its own code, its layers, and the packages of AWS's Python runtime.

This text is prepended to the worker's script, which runs in the environment of the embedded cloud: without it, a
function could import every package that is installed there. It imports the standard library only.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html: the runtime has the SDK, and thus its dependencies.
REFIT_RUNTIME = frozenset({"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"})
REFIT_PROVIDES = "refit-provides.txt"
"""The file of a layer that stands for another account's: the packages of this environment that the layer brings."""


class RefitImports:
    """Finds the packages of the environment that the runtime or a layer brings, after the function's own."""

    def __init__(self, hidden: Sequence[str]) -> None:
        self._hidden = list(hidden)
        self._provided = REFIT_RUNTIME | frozenset(refit_provided())

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The place of a provided package. Its submodules are found in the package itself."""
        return PathFinder.find_spec(name, self._hidden, target) if path is None and name in self._provided else None


def refit_provided() -> Iterator[str]:
    """The packages that the function's layers bring."""
    for layer in filter(None, os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep)):
        listed = Path(layer, REFIT_PROVIDES)
        if listed.is_file():
            yield from listed.read_text().split()


def refit_limit_imports() -> None:
    """Leaves the standard library on the path; the function's code and its layers are added to it later."""
    standard = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    standard |= {f"{folder}{os.sep}lib-dynload" for folder in standard}
    visible = [entry for entry in sys.path if entry in standard or entry.endswith(".zip")]
    hidden = [entry for entry in sys.path if entry not in visible]
    sys.path[:] = visible
    # The finder of an editable installation would find its package without a path.
    sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in getattr(finder, "__module__", "")]
    sys.meta_path.append(RefitImports(hidden))


refit_limit_imports()
