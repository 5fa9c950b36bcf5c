"""Runs a user's program to its end, and passes on each line of its output."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

OnLine = Callable[[str], None]


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], on_output: OnLine, on_error: OnLine
) -> int:
    """Runs a command in a folder and returns its exit status, which is negative if a signal ended it.

    `on_output` receives the lines of stdout and `on_error` those of stderr, in two threads.
    """
    with subprocess.Popen(  # noqa: S603 - the purpose of a job is to run its program
        command,
        cwd=folder,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        errors = threading.Thread(target=_follow, args=(process.stderr, on_error), daemon=True)
        errors.start()
        _follow(process.stdout, on_output)
        errors.join()
    return process.returncode


def _follow(stream: IO[bytes] | None, on_line: OnLine) -> None:
    for raw in stream or ():
        on_line(raw.decode(errors="replace").rstrip("\r\n"))
