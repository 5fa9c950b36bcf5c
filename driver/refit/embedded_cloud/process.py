"""The operating system's side of the embedded cloud: one detached process, its log, and its end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from refit.errors import CloudError

LOG = "cloud.log"
STOP_SECONDS = 15.0

Started = subprocess.Popen[bytes]

# Processes that this one has started: only their parent can learn that they have ended.
_children: dict[int, Started] = {}


def spawn(state_dir: Path, listener: int, env: Mapping[str, str]) -> Started:
    """Starts the server in a session of its own, on the socket of file descriptor `listener`, with a new log.

    What the last one has left in its folder for temporary files goes.
    """
    shutil.rmtree(state_dir / "tmp", ignore_errors=True)
    (state_dir / "tmp").mkdir()
    with (state_dir / LOG).open("wb") as log:
        started = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
            [sys.executable, "-P", "-m", "refit.embedded_cloud.server", str(state_dir), str(listener)],
            cwd=state_dir,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener],
            start_new_session=True,
        )
    _children[started.pid] = started
    return started


def kill(started: Started) -> None:
    """Ends a server that has not come up."""
    started.kill()
    started.wait()
    del _children[started.pid]


def end(pid: int) -> None:
    """Asks a server to save its state and end, waits for that, and kills it when it takes longer than STOP_SECONDS.

    Raises CloudError when even that does not end it.
    """
    for stroke in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, stroke)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if _is_gone(pid):
                return
            time.sleep(0.02)
    raise CloudError(f"the embedded cloud (process {pid}) does not end")


def _is_gone(pid: int) -> bool:
    if pid in _children:
        if _children[pid].poll() is None:
            return False
        del _children[pid]
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # In a container whose first process adopts orphans and never waits for them.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False
