"""Limits what a Lambda function can import to its own code, its layers, and the packages of AWS's Python runtime.

This text and that of limited_imports.py are prepended to the worker's script, which runs in the environment of the
embedded cloud. It imports the standard library only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from refit.embedded_cloud.limited_imports import REFIT_SDK, refit_limit_imports

REFIT_PROVIDES = "refit-provides.txt"
"""The file of a layer that stands for another account's: the packages of this environment that the layer brings."""


def refit_provided() -> Iterator[str]:
    """The packages that the function's layers bring."""
    for layer in filter(None, os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep)):
        listed = Path(layer, REFIT_PROVIDES)
        if listed.is_file():
            yield from listed.read_text().split()


# https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html: the runtime has the SDK, and thus its dependencies.
refit_limit_imports(REFIT_SDK | frozenset(refit_provided()))
