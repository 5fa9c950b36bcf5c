"""Starts the processes of jobs through refit.embedded_cloud.instance.fork_server, which has their imports ready.

Only on Linux: elsewhere system libraries do not survive a fork, and each job gets a new Python process.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import refit
from refit.embedded_cloud.instance import process_environment

MODULE = "refit.embedded_cloud.instance.fork_server"
IS_SUPPORTED = sys.platform == "linux"
_MAX_ANSWER = 1 << 10


class ForkServer:
    """The server, which starts with the first job and ends with this process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fork(self, module: str, environment: Mapping[str, str]) -> ForkedProcess:
        """A new process that runs the module. Its environment is `environment`, and no variable more."""
        job_stdin, stdin = os.pipe()
        stdout, job_stdout = os.pipe()
        try:
            order = {"module": module, "environment": environment}
            with self._lock:
                try:
                    pid = self._ask(order, job_stdin, job_stdout)
                except ConnectionError:  # it has not been started, or was killed
                    self._start()
                    pid = self._ask(order, job_stdin, job_stdout)
        except BaseException:
            os.close(stdin)
            os.close(stdout)
            raise
        finally:
            os.close(job_stdin)
            os.close(job_stdout)
        return ForkedProcess(self, pid, os.fdopen(stdin, "wb", buffering=0), os.fdopen(stdout, "rb"))

    def end(self, pid: int) -> int:
        """Kills a process and its group; returns its exit status."""
        with self._lock:
            try:
                return self._ask({"end": pid})
            except ConnectionError:
                return -signal.SIGKILL

    def close(self) -> None:
        """Ends the server. The next `fork` starts another."""
        with self._lock:
            if self._control:
                self._control.close()
                self._control = None
            if self._process:
                self._process.wait()

    def _ask(self, order: Mapping[str, Any], *descriptors: int) -> int:
        if self._control is None:
            raise ConnectionError("the fork server has not been started")
        socket.send_fds(self._control, [json.dumps(order).encode()], descriptors)
        answer = self._control.recv(_MAX_ANSWER)
        if not answer:
            raise ConnectionError("the fork server has ended")
        return int(json.loads(answer))

    def _start(self) -> None:
        if self._control:
            self._control.close()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", MODULE],
                stdin=theirs.fileno(),
                env={**process_environment.own(), "PYTHONPATH": str(Path(refit.__file__).parents[1])},
                start_new_session=True,
            )


class ForkedProcess:
    """A process of a job, with the members of subprocess.Popen that a job needs. It leads its own process group."""

    def __init__(self, server: ForkServer, pid: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self._server = server
        self._status: int | None = None
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout

    def wait(self) -> int:
        """Kills the process, unless it has ended, and returns its exit status."""
        if self._status is None:
            self._status = self._server.end(self.pid)
        return self._status

    def __enter__(self) -> ForkedProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()
        self.stdin.close()
        self.stdout.close()
