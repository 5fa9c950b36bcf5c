"""How a fix takes the place of a function of ministack."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refit.errors import CloudError

Around = Callable[..., Any]


@dataclass(frozen=True)
class Fix:
    """A function that is called in the place of `symbol` of `module`, with the original before the arguments."""

    module: str
    symbol: str
    function: Around

    def apply(self) -> None:
        """Puts the function in place; what was there, another fix perhaps, becomes its original. Raises CloudError."""
        original = find(self.module, self.symbol)
        owner, name = _owner(self.module, self.symbol)
        setattr(owner, name, functools.wraps(original)(_bind(self.function, original)))


FIXES: list[Fix] = []


def around(module: str, symbol: str) -> Callable[[Around], Around]:
    """Marks a function as the fix of `symbol` ("function" or "Class.method") of the ministack module `module`."""

    def register(function: Around) -> Around:
        FIXES.append(Fix(f"ministack.{module}", symbol, function))
        return function

    return register


def find(module: str, symbol: str) -> Any:
    """What the symbol is now. Raises CloudError when ministack has no such symbol."""
    try:
        owner, name = _owner(module, symbol)
        return getattr(owner, name)
    except (ImportError, AttributeError) as error:
        raise CloudError(
            f"ministack has no {module}.{symbol}, which the embedded cloud fixes", "run: make setup"
        ) from error


def _owner(module: str, symbol: str) -> tuple[Any, str]:
    *path, name = symbol.split(".")
    return functools.reduce(getattr, path, importlib.import_module(module)), name


def _bind(function: Around, original: Any) -> Around:
    def replacement(*args: Any, **kwargs: Any) -> Any:
        return function(original, *args, **kwargs)

    return replacement
