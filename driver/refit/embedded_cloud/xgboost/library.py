"""Imports the XGBoost library, which is an optional dependency and takes more than a second to import."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType

from refit.embedded_cloud.client import INSTALL_XGBOOST
from refit.embedded_cloud.instance.algorithm import CustomerError

_PLACE = re.compile(r"\A\[[0-9:]+\] \S+:[0-9]+: ")
"""[21:23:45] /workspace/src/tree/tree_updater.cc:20:, before a message."""
INSTALL = (
    "the embedded cloud trains and serves XGBoost with its library, which is not installed: install the extra "
    f"`xgboost` of Refit, {INSTALL_XGBOOST}"
)


def require() -> None:
    """Raises CustomerError if the library is not installed. Does not import it."""
    if find_spec("xgboost") is None:
        raise CustomerError(INSTALL)


def load() -> ModuleType:
    """The library. Raises CustomerError if it is not installed."""
    require()
    import xgboost

    return xgboost


@contextmanager
def logged(log: Callable[[str], None]) -> Iterator[None]:
    """Writes the library's warnings to the log, each once, as the container does."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        finally:
            for text in dict.fromkeys(str(warning.message).strip() for warning in caught):
                if "Text file input has been deprecated" not in text:  # AWS's version still reads it
                    log(" ".join(text.split()))


def reason(error: Exception) -> str:
    """The library's error without its stack trace, and without the place in its source."""
    return _PLACE.sub("", str(error).partition("\nStack trace")[0].strip())
