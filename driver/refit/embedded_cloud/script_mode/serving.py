"""Serves a model in script mode from its own process (worker.py); the program never runs in the cloud's process."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Predictor, Response
from refit.embedded_cloud.script_mode import containers, worker
from refit.embedded_cloud.script_mode.program import Program

LOAD_SECONDS = 60.0
RESPONSE_SECONDS = 60.0
"""https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"""


TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)
"""AWS's message, with the status 0: https://github.com/aws-samples/host-yolov8-on-sagemaker-endpoint/issues/21"""


class ProgramFailed(CannotLoad):
    """The program could not be imported, or its model_fn failed."""

    def __init__(self, message: str, stage: containers.Stage) -> None:
        super().__init__(message)
        self.stage = stage


class TookTooLong(CannotLoad):
    """The process did not respond in time, and was killed."""


class ScriptServer:
    """A model's container: its image, its program, the tar.gz with the code, and its environment."""

    def __init__(self, image: str, program: Program, code: bytes, environment: Mapping[str, str]) -> None:
        self._container = containers.of_image(image)
        self._program = program
        self._code = code
        self._environment = environment

    def load(self, model_dir: Path) -> Predictor:
        """Starts a process that loads a copy of `model_dir`.

        Raises CannotLoad, unless the container's ping succeeds all the same: then every request fails.
        """
        try:
            return self._load(model_dir)
        except ProgramFailed as error:
            if error.stage not in self._container.pings_despite:
                raise
            return FailedPredictor(f"the model was not loaded: {error}")

    def _load(self, model_dir: Path) -> ScriptPredictor:
        home = Path(tempfile.mkdtemp(prefix="refit-serving-"))
        try:
            code = home / "code"
            code.mkdir()
            self._program.unpack(self._code, code)
            shutil.copytree(model_dir, home / "model")
            return ScriptPredictor(home, self._program.name, self._environment, self._container)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise


class FailedPredictor:
    """A container in service whose model failed to load: it fails every request with `reason`."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def predict(self, payload: Payload) -> Response:
        """Raises ModelError."""
        raise ModelError(500, self._reason)


class ScriptPredictor:
    """Handles one request at a time. Its process and folder are removed once nothing references it.

    A model that has been replaced therefore still answers the requests that it has already received.
    """

    def __init__(
        self, home: Path, program: str, environment: Mapping[str, str], container: containers.Container
    ) -> None:
        self._home = home
        self._container = container
        self._program = program
        self._environment = environment
        self._lock = threading.Lock()
        self._worker = self._start()
        weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)

    def predict(self, payload: Payload) -> Response:
        """Sends one request to the process, which is restarted if it has ended. Raises ModelError."""
        request = {
            "body": base64.b64encode(payload.body).decode(),
            "content_type": payload.content_type,
            "accept": payload.accept,
        }
        try:
            with self._lock:
                if self._worker.has_ended:
                    self._worker = self._start()
                response = self._worker.call(request, RESPONSE_SECONDS)
        except TookTooLong as error:
            raise ModelError(0, TIMED_OUT) from error
        except CannotLoad as error:
            raise ModelError(500, str(error)) from error
        if response["status"] != 200:
            raise ModelError(response["status"], response["message"])
        return Response(base64.b64decode(response["body"]), response["content_type"])

    def _start(self) -> Worker:
        environment = {**process_environment.own(), **self._environment, "PYTHONPATH": str(self._home / "code")}
        started = Worker(environment, self._home)
        order = {
            "program": self._program,
            "model_dir": str(self._home / "model"),
            "reads_empty_last_line": self._container.reads_empty_last_line,
        }
        result = started.call(order, LOAD_SECONDS)
        if "failed" in result:
            raise ProgramFailed(f"{self._program}: {result['failed']}", result["stage"])
        return started


class Worker:
    """The serving process. It is killed when this object is garbage-collected."""

    def __init__(self, environment: Mapping[str, str], home: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-P", worker.__file__],
            cwd=home / "code",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        weakref.finalize(self, _end, self._process)

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
