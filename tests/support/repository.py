"""A real git repository that tests write history in."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = "terraform/pipelines"


class Repository:
    """A real repository; every commit of it is one hour after the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")
        self.clock = datetime(2026, 11, 22, 6, tzinfo=UTC)

    def git(self, *arguments: str) -> str:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "C",
            "GIT_COMMITTER_EMAIL": "c@example.com",
        }
        if arguments[0] in ("commit", "merge"):
            environment["GIT_AUTHOR_DATE"] = "2020-01-01T00:00:00Z"
            environment["GIT_COMMITTER_DATE"] = self.clock.isoformat()
            self.clock += timedelta(hours=1)
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments], env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, path: str, content: bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def commit(self, **files: bytes) -> str:
        for name, content in files.items():
            self.write(f"{FOLDER}/prod/{name}.tfvars", content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return self.git("rev-parse", "HEAD")
