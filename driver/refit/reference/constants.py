"""Reads constants of modules by parsing their source, without importing them: the embedded cloud needs ministack."""

from __future__ import annotations

import ast
from typing import Any

from refit.reference.imports import Source


def literal(source: Source, module: str, name: str) -> Any:
    """The value of a constant that is written as a literal. Raises KeyError if the module has no such constant."""
    return ast.literal_eval(_value(source, module, name))


def keys(source: Source, module: str, name: str) -> list[Any]:
    """The keys of a constant that is written as a dictionary with literal keys. Raises KeyError as `literal` does."""
    value = _value(source, module, name)
    if not isinstance(value, ast.Dict):
        raise KeyError(f"{module}.{name} is not a dictionary")
    return [ast.literal_eval(key) for key in value.keys if key is not None]


def _value(source: Source, module: str, name: str) -> ast.expr:
    for node in ast.parse(source.modules[module].read_text(encoding="utf-8")).body:
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            value = getattr(node, "value", None)
            if isinstance(value, ast.expr):
                return value
    raise KeyError(f"{module} has no constant {name}")
