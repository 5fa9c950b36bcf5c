"""Runs a child process that must end by itself: forwards each interrupt exactly once, and waits for it to end."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    in_terminal: bool,
    stdin: int | None = None,
    stdout: int | IO[str] | None = None,
    stderr: int | IO[str] | None = None,
) -> tuple[int, str, str]:
    """Runs `command`; returns the exit code, and what was written to stdout and stderr if they are subprocess.PIPE.

    In a terminal, Ctrl-C reaches the whole foreground group including the child, and the child may prompt the user.
    Otherwise the child gets its own process group, and each interrupt of this process is forwarded to it. A
    KeyboardInterrupt (or the SystemExit of a signal handler) is re-raised when the child has ended.
    """
    child = subprocess.Popen(  # noqa: S603 - the commands are lists and do not go through a shell
        command,
        cwd=cwd,
        env=dict(env),
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        text=True,
        encoding="utf-8",
        errors="replace",
        process_group=None if in_terminal else 0,
    )
    interruption: KeyboardInterrupt | SystemExit | None = None
    while True:
        try:
            out, err = child.communicate()
            break
        except (KeyboardInterrupt, SystemExit) as error:
            interruption = error
            if not in_terminal:
                child.send_signal(signal.SIGINT)
    if interruption:
        raise interruption
    return child.returncode, out or "", err or ""
