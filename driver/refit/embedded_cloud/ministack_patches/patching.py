"""Replaces functions of ministack by name."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refit.embedded_cloud.client import INSTALL
from refit.errors import CloudError

Replacement = Callable[..., Any]


@dataclass(frozen=True)
class Patch:
    """A function that replaces `symbol` of `module`; it is called with the original before the arguments."""

    module: str
    symbol: str
    function: Replacement

    def apply(self) -> None:
        """Installs the function. Its original is the current value, which may be another patch. Raises CloudError."""
        original = lookup(self.module, self.symbol)
        owner, name = _owner(self.module, self.symbol)
        setattr(owner, name, functools.wraps(original)(_bind(self.function, original)))


PATCHES: list[Patch] = []


def patch(module: str, symbol: str) -> Callable[[Replacement], Replacement]:
    """Registers a function as the patch of `symbol` ("function" or "Class.method") in the ministack module `module`."""

    def register(function: Replacement) -> Replacement:
        PATCHES.append(Patch(f"ministack.{module}", symbol, function))
        return function

    return register


def lookup(module: str, symbol: str) -> Any:
    """The symbol's current value. Raises CloudError if ministack has no such symbol."""
    try:
        owner, name = _owner(module, symbol)
        return getattr(owner, name)
    except (ImportError, AttributeError) as error:
        raise CloudError(
            f"ministack has no {module}.{symbol}, which the embedded cloud patches", f"run: {INSTALL}"
        ) from error


def _owner(module: str, symbol: str) -> tuple[Any, str]:
    *path, name = symbol.split(".")
    return functools.reduce(getattr, path, importlib.import_module(module)), name


def _bind(function: Replacement, original: Any) -> Replacement:
    def replacement(*args: Any, **kwargs: Any) -> Any:
        return function(original, *args, **kwargs)

    return replacement
