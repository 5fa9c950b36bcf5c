"""Finds the imports of each module by parsing the source of a checkout, without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

TOPS = ("refit", "lambdas")
ENTRY_POINT = "refit.cli"
"""The only top-level module of `refit` that imports its packages; these import the other ones (errors, git, …)."""


@dataclass(frozen=True)
class Source:
    """The modules of the package `refit` and of `lambdas/` in the checkout at `root`."""

    root: Path

    @cached_property
    def modules(self) -> Mapping[str, Path]:
        """Dotted name → file; a package has the name of its folder."""
        driver, lambdas = self.root / "driver", self.root / "lambdas"
        files = {file: file.relative_to(driver) for file in sorted((driver / "refit").rglob("*.py"))}
        files |= {file: file.relative_to(self.root) for file in sorted(lambdas.rglob("*.py"))}
        return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): file for file, path in files.items()}

    @cached_property
    def imports(self) -> Mapping[str, frozenset[str]]:
        """Module → all modules that it imports, also inside functions; for other distributions only the top-level name.

        Raises ValueError for a relative import: Refit uses only absolute imports.
        """
        return {name: frozenset(self._imports(name)) for name in self.modules}

    def arrows(self, top: str) -> Iterator[tuple[str, str]]:
        """The imports from modules in `top` (refit or lambdas) to modules of the product."""
        for name, imported in self.imports.items():
            if name.split(".")[0] == top:
                yield from ((name, other) for other in sorted(imported) if other in self.modules)

    def package_of(self, name: str) -> str:
        """The package that a module belongs to: refit.plan for refit.plan.changes; refit for refit.errors.

        The entry point counts as its own package.
        """
        top, *rest = name.split(".")
        if not rest or (len(rest) == 1 and name != ENTRY_POINT and self.modules[name].name != "__init__.py"):
            return top
        return f"{top}.{rest[0]}"

    def docstring(self, name: str) -> str:
        """The first line of a module's docstring."""
        text = ast.get_docstring(ast.parse(self.modules[name].read_text(encoding="utf-8")))
        return text.partition("\n")[0] if text else ""

    def _imports(self, name: str) -> Iterator[str]:
        for node in ast.walk(ast.parse(self.modules[name].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (self._ours(alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                if node.level or node.module is None:
                    raise ValueError(f"{name}: use absolute imports")
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield self._ours(full if full in self.modules else node.module)

    def _ours(self, imported: str) -> str:
        return imported if imported in self.modules else imported.split(".")[0]
