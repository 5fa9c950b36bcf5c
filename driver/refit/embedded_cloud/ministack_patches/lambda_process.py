"""Lambda: the process of a function has the function's memory, and is killed when it uses more.

ministack runs functions without a limit, and waits indefinitely for a module that never finishes importing.
"""

from __future__ import annotations

import contextlib
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from refit.embedded_cloud.ministack_patches.patching import patch

CHECK_SECONDS = 0.02
# A function may initialize for ten seconds: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INIT_SECONDS = 10.0
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


@patch("core.lambda_runtime", "Worker._spawn")
def remember_process(spawn: Any, worker: Any) -> None:
    """The last process is kept, because its exit status is part of the error that Lambda reports.

    https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
    """
    try:
        spawn(worker)
    finally:
        worker.refit_process = worker._proc


@contextlib.contextmanager
def bounded(worker: Any) -> Iterator[None]:
    """Kills the worker's process as soon as it exceeds the function's memory, or the time to initialize.

    Memory is measured where Linux reports it in /proc; on other systems it is not bounded.
    """
    done, worker.refit_is_late = threading.Event(), False
    watching = threading.Thread(target=_watch, args=(worker, done), daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def exceeds_memory(worker: Any) -> bool:
    """Whether the worker's living process has ever used more than the function's memory."""
    process = worker._proc
    return process is not None and _peak_bytes(process.pid) > _limit_bytes(worker)


def exit_reason(worker: Any) -> str:
    """What Lambda reports about a process that ended while it should have answered."""
    process = getattr(worker, "refit_process", None)
    status = process.wait(timeout=5) if process else 0
    if status < 0:
        return f"Runtime exited with error: signal: {_signal(-status)}"
    return f"Runtime exited with error: exit status {status}" if status else "Runtime exited without providing a reason"


def _signal(number: int) -> str:
    """The name that Lambda writes: "killed", "segmentation fault". macOS adds the number to it."""
    return (signal.strsignal(number) or str(number)).partition(":")[0].lower()


def _watch(worker: Any, done: threading.Event) -> None:
    deadline = time.monotonic() + INIT_SECONDS + float(worker.config.get("Timeout", 3))
    warm, initialized = worker._proc, worker._start_time
    while not done.wait(CHECK_SECONDS):
        process = worker._proc
        is_initializing = process is not warm and worker._start_time == initialized
        worker.refit_is_late = is_initializing and time.monotonic() > deadline
        if process and (worker.refit_is_late or exceeds_memory(worker)):
            process.kill()
            return


def _limit_bytes(worker: Any) -> int:
    return int(worker.config.get("MemorySize", 128)) * 1024 * 1024


def _peak_bytes(pid: int) -> int:
    try:
        found = PEAK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0
