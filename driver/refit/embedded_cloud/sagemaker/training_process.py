"""The process that trains (refit.embedded_cloud.instance.training_main), as its job's thread sees it."""

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
    """A job's own process. It answers one phase at a time, and can be killed from any thread."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def run(self, phase: str) -> Mapping[str, Any]:
        """Lets a phase begin, and returns its answer once it is done; a failure when the process dies of it."""
        self.send(phase)
        if self._process.stdout and (answer := self._process.stdout.readline()):
            found: Mapping[str, Any] = json.loads(answer)
            return found
        status = self._process.wait()
        return {"failed": "AlgorithmError", "reason": f"the training process ended with exit status {status}"}

    def send(self, line: str) -> None:
        """Writes one line to the process; one that has ended does not read it."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(line.encode() + b"\n")

    def kill(self) -> None:
        """Ends the process and whatever it has started; it leads a group of its own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


@contextlib.contextmanager
def started(job: TrainingJob, seconds: float) -> Iterator[TrainingProcess]:
    """The job's process, ready for its first phase; with its role's credentials, which last for `seconds`.

    The process and its volume are gone when the context ends. Raises ApiError when the role cannot be assumed.
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
            bufsize=0,  # what a dead process did not read must not be written again when the pipe is closed
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
