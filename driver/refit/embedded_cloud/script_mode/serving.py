"""Serves a model in script mode from its own process (worker.py); the program never runs in the cloud's process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Predictor, Response
from refit.embedded_cloud.script_mode import framework_images
from refit.embedded_cloud.script_mode.framework_images import FrameworkImage
from refit.embedded_cloud.script_mode.process_predictor import LOAD_SECONDS, ProcessPredictor
from refit.embedded_cloud.script_mode.program import Program
from refit.embedded_cloud.script_mode.serving_process import Worker


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


class ScriptPredictor(ProcessPredictor):
    """A model that the program of a user serves."""

    def __init__(self, home: Path, program: str, environment: Mapping[str, str], behaviour: FrameworkImage) -> None:
        self._behaviour = behaviour
        self._program = program
        self._environment = environment
        super().__init__(home)

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
