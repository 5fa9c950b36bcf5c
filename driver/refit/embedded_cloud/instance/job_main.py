"""Runs one job in its own process, phase by phase: what training_main and processing_main share.

The control plane writes the job as one line of JSON to stdin, then the name of each phase when it may begin. For each
phase this process writes one line of JSON to stdout, {"done": phase} or {"failed": cause, "reason": …}. The credentials
of the job's role are in its environment. It ends when stdin closes, so no job outlives its cloud.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError

from refit.embedded_cloud.instance.algorithm import AlgorithmError, CustomerError
from refit.embedded_cloud.instance.job_log import JobLog


class Work(Protocol):
    """A job: its log, and its phases in their order, each of which returns the members of its result."""

    log: JobLog
    phases: Mapping[str, Callable[[], Mapping[str, Any]]]


def main(new_work: Callable[[Mapping[str, Any]], Work]) -> int:
    """Runs the job that stdin describes. The exit status is 0 even if the job fails: the result reports the failure."""
    job = json.loads(sys.stdin.readline())
    phases: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(phases, Path(job["volume"])), daemon=True).start()
    # The job's own output must not be mistaken for a result.
    results, sys.stdout = sys.stdout, sys.stderr
    work = new_work(job)
    for phase in work.phases:
        if phases.get() != phase:
            return 2
        result = _run(work, phase)
        work.log.flush()
        print(json.dumps(result), file=results, flush=True)
        if "failed" in result:
            break
    return 0


def _run(work: Work, phase: str) -> Mapping[str, Any]:
    """Runs one phase and returns its result. The cause of a failure is the first word of AWS's FailureReason."""
    try:
        return {"done": phase, **work.phases[phase]()}
    except CustomerError as error:
        cause, reason = "ClientError", str(error)
    except AlgorithmError as error:
        cause, reason = "AlgorithmError", str(error)
    except BotoCoreError as error:
        cause, reason = "InternalServerError", f"{phase}: {error}"
    except Exception as error:
        work.log.line(traceback.format_exc())
        cause, reason = "AlgorithmError", f"{type(error).__name__}: {error}"
    work.log.line(f"{cause}: {reason}")
    return {"failed": cause, "reason": reason}


def _listen(phases: queue.SimpleQueue[str], volume: Path) -> None:
    """Reads the phases from stdin. If stdin closes, the cloud has exited: removes the volume and ends the process."""
    for line in sys.stdin:
        phases.put(line.strip())
    shutil.rmtree(volume, ignore_errors=True)
    if os.getpgrp() == os.getpid():
        # Including the program that this process may have started.
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
