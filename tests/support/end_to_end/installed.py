"""Refit as users have it: installed from its wheel into a separate environment, and run outside any checkout."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.tracked_files import ROOT
from tests.support.wheel import build

SECONDS = 300


@dataclass
class Installed:
    """A Python environment with the wheel. Commands run in `repository`, with the additional variables `exported`."""

    wheel: Path
    environment: Path
    repository: Path
    exported: dict[str, str] = field(default_factory=dict)

    @classmethod
    def into(cls, folder: Path) -> Installed:
        """Builds the wheel of this checkout and installs it with the pinned versions, as a user does with pip."""
        wheel = build(ROOT, folder / "dist")
        environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, timeout=SECONDS)
        installed = cls(wheel, environment, folder)
        installed.run("pip", "install", "--quiet", "--require-hashes", "-r", str(ROOT / "requirements" / "local.txt"))
        installed.run("pip", "install", "--quiet", "--no-deps", str(wheel))
        return installed

    def run(self, program: str, *arguments: str, folder: str = ".", fails: bool = False) -> str:
        """Runs a program of the environment below `repository`; returns its standard output.

        The caller's variables for Python, AWS, Terraform's inputs and Refit are not passed on.
        """
        ours = ("PYTHON", "VIRTUAL_ENV", "AWS_", "REFIT_", "TF_VAR_", "TF_DATA_DIR")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        done = subprocess.run(
            [self.environment / "bin" / program, *arguments],
            cwd=self.repository / folder,
            env={**inherited, "NO_COLOR": "1", **self.exported},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (done.returncode != 0) is fails, f"{program} {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def refit(self, *arguments: str, folder: str = ".", fails: bool = False) -> str:
        """Runs `refit ARGUMENTS`."""
        return self.run("refit", *arguments, folder=folder, fails=fails)

    def export(self, lines: str) -> None:
        """Exports the variables in lines of `export NAME=VALUE`, as `eval "$(…)"` does."""
        self.exported |= dict(re.findall(r"^export (\w+)=(.*)$", lines, re.MULTILINE))

    def make_read_only(self) -> None:
        """Makes the environment read-only for every user except root."""
        for path in (self.environment, *self.environment.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & 0o555)

    def sources(self) -> dict[str, str]:
        """Every file of the installed package, except compiled modules, with the hash of its content."""
        (package,) = self.environment.glob("lib/python*/site-packages/refit")
        return {
            str(file.relative_to(package)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in package.rglob("*")
            if file.is_file() and file.suffix != ".pyc"
        }
