"""Measures `refit validate` on 1,000 pipeline files, compared with python-hcl2 alone on the same files.

Exits with 1 if it takes more than 1.5 times as long as loading them with python-hcl2. The time that python-hcl2 takes
only to parse them is also shown.
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

FILES = 1_000
BOUND = 1.5
EXAMPLE = Path(__file__).parents[1] / "terraform" / "pipelines" / "local" / "home-prices.tfvars"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder))
        files = [write(project, number) for number in range(FILES)]
        size = sum(file.stat().st_size for file in files)
        print(f"{FILES} files of {size // FILES} bytes")

        hcl2.loads("a = 1\n")  # loads the grammar
        tree = seconds("hcl2.parses_to_tree", lambda: each(hcl2.parses_to_tree, files))
        load = seconds("hcl2.loads", lambda: each(hcl2.loads, files))
        ours = seconds("refit validate", lambda: check(project))
        print(f"{ours / load:.2f} x hcl2.loads (bound {BOUND}), {ours / tree:.2f} x hcl2.parses_to_tree")
        return int(ours > BOUND * load)


def write(project: Project, number: int) -> Path:
    """Writes a copy of the example pipeline under another name; returns its path."""
    path = project.pipelines_dir / "local" / f"home-prices-{number}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(EXAMPLE.read_text().replace("home-prices", path.stem))
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
    print(f"{name:<22}{taken:6.2f} s of CPU time")
    return taken


if __name__ == "__main__":
    sys.exit(main())
