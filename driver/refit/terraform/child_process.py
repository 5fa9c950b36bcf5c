"""Runs a child that must end by itself: an interrupt reaches it exactly once, and it is waited for."""

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
    """The exit code, and what was written to a stdout or stderr that is subprocess.PIPE.

    In a terminal Ctrl-C reaches the whole foreground group, the child too, and the child may ask questions. Otherwise
    the child gets a group of its own and each interrupt of this process is passed on. KeyboardInterrupt (or the
    SystemExit of a signal handler) is raised again once the child has ended.
    """
    child = subprocess.Popen(  # noqa: S603 - the callers' commands are lists, no shell reads them
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
