"""Starts the process that serves a model (worker.py), and exchanges requests and responses with it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance.algorithm import CannotLoad
from refit.embedded_cloud.script_mode import worker


class TookTooLong(CannotLoad):
    """The process did not respond in time, and was killed."""


class Worker:
    """The serving process. It is killed when this object is garbage-collected.

    `program` are the arguments for Python, by default those of script mode, which runs in the folder `code` of `home`.
    Raises CannotLoad if the process cannot have this environment.
    """

    def __init__(
        self, environment: Mapping[str, str], home: Path, program: Sequence[str] = ("-P", worker.__file__)
    ) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
                [sys.executable, *program],
                cwd=home / "code",
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        except (ValueError, OSError) as error:  # a NUL byte in a value, or an environment that is too large
            raise CannotLoad(f"the container cannot start with its Environment: {error}") from error
        weakref.finalize(self, _end, self._process)

    @property
    def process_id(self) -> int:
        """The ID of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def call(self, document: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Sends a document and returns the response.

        Raises CannotLoad if the process ends, and TookTooLong if it has not responded after `seconds`.
        """
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            self._process.kill()

        late = threading.Timer(seconds, give_up)
        late.start()
        try:
            line = self._exchange(json.dumps(document).encode() + b"\n")
        finally:
            late.cancel()
        if not line:
            status = self._process.wait()
            if is_late.is_set():
                raise TookTooLong(f"the model's process took longer than {seconds:g} s")
            raise CannotLoad(f"the model's process ended with exit status {status}")
        response: Mapping[str, Any] = json.loads(line)
        return response

    def _exchange(self, line: bytes) -> bytes:
        """Sends a line and returns the response's line; b"" if the process has ended."""
        requests, responses = self._process.stdin, self._process.stdout
        if not requests or not responses:
            return b""
        with contextlib.suppress(BrokenPipeError):
            requests.write(line)
            requests.flush()
        return responses.readline()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(BrokenPipeError):
                stream.close()
