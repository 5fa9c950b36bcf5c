"""Serves a model in script mode from its own process (worker.py); the program never runs in the cloud's process."""

from __future__ import annotations

import base64
import shutil
import tempfile
import threading
import weakref
from collections.abc import Mapping
from pathlib import Path

from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Predictor, Response
from refit.embedded_cloud.script_mode import framework_images
from refit.embedded_cloud.script_mode.framework_images import FrameworkImage
from refit.embedded_cloud.script_mode.program import Program
from refit.embedded_cloud.script_mode.serving_process import TookTooLong, Worker

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

    def __init__(self, message: str, stage: framework_images.Stage) -> None:
        super().__init__(message)
        self.stage = stage


class ScriptServer:
    """A model's container: its image, its program, the tar.gz with the code, and its environment."""

    def __init__(self, image: str, program: Program, code: bytes, environment: Mapping[str, str]) -> None:
        self._behaviour = framework_images.named(image)
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
            if error.stage not in self._behaviour.pings_despite:
                raise
            return FailedPredictor(f"the model was not loaded: {error}")

    def _load(self, model_dir: Path) -> ScriptPredictor:
        home = Path(tempfile.mkdtemp(prefix="refit-serving-"))
        try:
            code = home / "code"
            code.mkdir()
            self._program.unpack(self._code, code)
            shutil.copytree(model_dir, home / "model")
            return ScriptPredictor(home, self._program.name, self._environment, self._behaviour)
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

    def __init__(self, home: Path, program: str, environment: Mapping[str, str], behaviour: FrameworkImage) -> None:
        self._home = home
        self._behaviour = behaviour
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
            "reads_empty_last_line": self._behaviour.reads_empty_last_line,
        }
        result = started.call(order, LOAD_SECONDS)
        if "failed" in result:
            raise ProgramFailed(f"{self._program}: {result['failed']}", result["stage"])
        return started
