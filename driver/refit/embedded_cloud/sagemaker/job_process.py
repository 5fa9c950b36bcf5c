"""Starts and controls the process of a training job (refit.embedded_cloud.instance.training_main)."""

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
from refit.embedded_cloud.sagemaker import execution_role
from refit.embedded_cloud.sagemaker.resources import TrainingJob

MODULE = "refit.embedded_cloud.instance.training_main"


class TrainingProcess:
    """The process of one job. It runs one phase at a time, and any thread may kill it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, phase: str) -> Mapping[str, Any]:
        """Runs a phase and returns its result, which is a failure if the process dies."""
        self.send(phase)
        if self._process.stdout and (line := self._process.stdout.readline()):
            result: Mapping[str, Any] = json.loads(line)
            return result
        status = self._process.wait()
        return {"failed": "AlgorithmError", "reason": f"the training process ended with exit status {status}"}

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
def started(job: TrainingJob, seconds: float) -> Iterator[TrainingProcess]:
    """Starts the job's process with its role's credentials, which are valid for `seconds`.

    The process and its volume are removed when the context ends. Raises ApiError if the role cannot be assumed.
    """
    environment = {
        **process_environment.own(),
        **execution_role.environment(job.request["RoleArn"], job, seconds),
        "PYTHONPATH": str(Path(refit.__file__).parents[1]),
    }
    with (
        tempfile.TemporaryDirectory(prefix="refit-training-", ignore_cleanup_errors=True) as volume,
        subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # closing the pipe would flush the line again, which a dead process has not read
            env=environment,
            start_new_session=True,
        ) as popen,
    ):
        process = TrainingProcess(popen)
        try:
            process.send(json.dumps({"request": job.request, "volume": volume, "log_stream": f"{job.name}/algo-1"}))
            yield process
        finally:
            process.kill()
