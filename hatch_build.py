"""Writes into the wheel the commit that it is built from, for `refit init`, which pins Refit's workflows to it.

Only a clean clone has one. Files with uncommitted changes do not belong to a commit, and an unpacked source archive has
none.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CommitHook(BuildHookInterface):  # type: ignore[type-arg, misc] - hatchling is not installed where mypy runs
    """Adds refit/stack/COMMIT."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        commit = self._commit() if version == "standard" else None
        if commit:
            self._folder = tempfile.TemporaryDirectory(prefix="refit-wheel-")
            file = Path(self._folder.name, "COMMIT")
            file.write_text(f"{commit}\n")
            build_data["force_include"][str(file)] = "refit/stack/COMMIT"

    def _commit(self) -> str | None:
        if not Path(self.root, ".git").exists() or self._git("status", "--porcelain"):
            return None
        return self._git("rev-parse", "--verify", "HEAD") or None

    def _git(self, *arguments: str) -> str:
        """What git prints; empty when git is missing or fails."""
        try:
            done = subprocess.run(  # noqa: S603 - a list, read by no shell
                ["git", *arguments],  # noqa: S607 - the git that the user's PATH finds
                cwd=self.root,
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""
