"""Starts and controls the process of a job (refit.embedded_cloud.instance.job_main)."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import refit
from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.sagemaker import execution_role, forked_process
from refit.embedded_cloud.sagemaker.forked_process import ForkedProcess, ForkServer
from refit.embedded_cloud.sagemaker.resources import Job

_fork_server = ForkServer()


class JobProcess:
    """The process of one job, and the disk of its instance. It runs one phase at a time; any thread may kill it."""

    def __init__(self, process: subprocess.Popen[bytes] | ForkedProcess, volume: Path) -> None:
        self._process = process
        self.volume = volume

    def run(self, phase: str) -> Mapping[str, Any]:
        """Runs a phase and returns its result, which is a failure if the process dies."""
        self.send(phase)
        if self._process.stdout and (line := self._process.stdout.readline()):
            result: Mapping[str, Any] = json.loads(line)
            return result
        status = self._process.wait()
        return {"failed": "AlgorithmError", "reason": f"the job's process ended with exit status {status}"}

    def send(self, line: str) -> None:
        """Writes one line to the process; has no effect if the process has ended."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line.encode() + b"\n")

    def kill(self) -> None:
        """Kills the process and its children: it leads its own process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


@contextlib.contextmanager
def started(job: Job, module: str, log_stream: str, seconds: float) -> Iterator[JobProcess]:
    """Starts the job's process, a module of this package, with its role's credentials, which are valid for `seconds`.

    The process and its volume are removed when the context ends. Raises ApiError if the role cannot be assumed.
    """
    environment = {
        **process_environment.own(),
        **execution_role.environment(job.request["RoleArn"], job, seconds),
        "PYTHONPATH": str(Path(refit.__file__).parents[1]),
    }
    with (
        tempfile.TemporaryDirectory(prefix="refit-job-", ignore_cleanup_errors=True) as volume,
        _start(module, environment) as popen,
    ):
        process = JobProcess(popen, Path(volume))
        try:
            order = {"request": job.request, "arn": job.arn, "volume": volume, "log_stream": log_stream}
            process.send(json.dumps(order))
            yield process
        finally:
            process.kill()


def _start(module: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | ForkedProcess:
    if forked_process.IS_SUPPORTED:
        return _fork_server.fork(module, environment)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,  # closing the pipe would flush the line again, which a dead process has not read
        env=environment,
        start_new_session=True,
    )
