"""Measures `refit validate` of many pipeline files, and compares it with python-hcl2 alone on the same files.

Files of plain literals have a parser of their own; a file with a block comment is parsed by python-hcl2. Exits
with 1 when either takes more than its bound, in multiples of the time that python-hcl2 takes to load the files.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import hcl2

from refit.pipeline.validate import validate
from refit.project import Project

FILES = 500
BOUNDS = {"plain": 0.5, "with a block comment": 1.5}
EXAMPLE = Path(__file__).parents[1] / "terraform" / "pipelines" / "local" / "home-prices.tfvars"


def main() -> int:
    hcl2.loads("a = 1\n")  # loads the grammar
    slow = [kind for kind, bound in BOUNDS.items() if measure(kind) > bound]
    return int(bool(slow))


def measure(kind: str) -> float:
    """Writes and validates files of one kind; returns the time, in multiples of python-hcl2's."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        files = [write(project, number, "" if kind == "plain" else "/* the team's */\n") for number in range(FILES)]
        print(f"{FILES} files of {sum(file.stat().st_size for file in files) // FILES} bytes, {kind}")
        load = seconds("hcl2.loads", lambda: each(hcl2.loads, files))
        ratio = seconds("refit validate", lambda: check(project)) / load
    print(f"{ratio:.2f} x hcl2.loads (bound {BOUNDS[kind]})\n")
    return ratio


def write(project: Project, number: int, first: str) -> Path:
    """Writes the example under another name, below the line `first`; returns its path."""
    path = project.pipelines_dir / "local" / f"home-prices-{number}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(first + EXAMPLE.read_text().replace("home-prices", path.stem))
    return path


def each(read: Callable[[str], object], files: list[Path]) -> None:
    for file in files:
        read(file.read_text())


def check(project: Project) -> None:
    report = validate(project, [], date(2026, 11, 22))
    if not report.valid or len(report.pipelines) != FILES:
        raise SystemExit(f"the files are not valid: {report.problems[:3]}")


def seconds(name: str, work: Callable[[], object]) -> float:
    begin = time.process_time()  # CPU time: other processes may keep the machine busy
    work()
    taken = time.process_time() - begin
    print(f"{name:<16}{taken:6.2f} s of CPU time")
    return taken


if __name__ == "__main__":
    sys.exit(main())
