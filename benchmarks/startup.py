"""Measures the CPU time of `refit` commands, compared with importing the libraries that the command line uses.

Each program runs several times in its own process. The median of user plus system time is compared, so that the load of
the machine has little influence. Exits with 1 if a program exceeds its budget.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROUNDS = 9
YARDSTICK = 'python -c "import typer, rich"'
FILES = 3
REFIT = str(Path(sys.executable).with_name("refit"))
EXAMPLE = Path(__file__).parents[1] / "terraform" / "pipelines" / "local" / "home-prices.tfvars"


@dataclass(frozen=True)
class Program:
    """A command, its environment and its budget in seconds of CPU time; None if it is only shown for comparison."""

    title: str
    command: Sequence[str]
    budget: float | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        files = [write(Path(folder), number) for number in range(FILES)]
        programs = (
            Program("python -c pass", [sys.executable, "-c", "pass"]),
            Program(YARDSTICK, [sys.executable, "-c", "import typer, rich"]),
            Program('python -c "import boto3"', [sys.executable, "-c", "import boto3"]),
            Program("refit --help", [REFIT, "--help"], 0.25),
            Program("refit trigger --help", [REFIT, "trigger", "--help"], 0.25),
            Program("refit sta<TAB>", [REFIT], 0.25, completing("refit sta", word=1)),
            Program("refit status <TAB>", [REFIT], 0.25, completing("refit status ", word=2)),
            Program(f"refit validate of {FILES} files", [REFIT, "validate", *files], 0.5),
        )
        seconds = measure(programs, Path(folder))
    print(f"{'':<32}{'CPU seconds':>12}{'budget':>8}{'of typer, rich':>16}")
    slow = False
    for program in programs:
        taken = seconds[program.title]
        over = program.budget is not None and taken > program.budget
        slow |= over
        budget = "" if program.budget is None else f"{program.budget:.2f}"
        ratio = taken / seconds[YARDSTICK]
        print(f"{program.title:<32}{taken:>12.3f}{budget:>8}{ratio:>14.1f} x{'  over budget' if over else ''}")
    return int(slow)


def write(project: Path, number: int) -> str:
    """Copies the example pipeline into a project under another name; returns the path of the copy."""
    (project / "asl").mkdir(exist_ok=True)
    path = project / "terraform" / "pipelines" / "local" / f"home-prices-{number}.tfvars"
    path.parent.mkdir(parents=True, exist_ok=True)
    (project / "terraform" / "main.tf").touch()
    path.write_text(EXAMPLE.read_text().replace("home-prices", path.stem))
    return str(path)


def completing(line: str, word: int) -> dict[str, str]:
    """The variables with which bash requests the completions of word number `word` of `line`."""
    return {"_REFIT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(word)}


def measure(programs: Sequence[Program], folder: Path) -> dict[str, float]:
    """The median CPU seconds of each program, by title. Each round runs all programs once."""
    taken: dict[str, list[float]] = {program.title: [] for program in programs}
    for program in programs:
        run(program, folder)  # the first run writes bytecode
    for _ in range(ROUNDS):
        for program in programs:
            taken[program.title].append(run(program, folder))
    return {title: statistics.median(each) for title, each in taken.items()}


def run(program: Program, folder: Path) -> float:
    """Runs the program once; returns its user plus system time in seconds. Raises SystemExit if it fails."""
    child = subprocess.Popen(  # noqa: S603, programs of this file
        program.command,
        cwd=folder,
        env={**os.environ, **program.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{program.title} exited with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
