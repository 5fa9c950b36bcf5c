"""Serves a trained model from model.tar.gz in its own process (serving_main.py), which a damaged model may end."""

from __future__ import annotations

import base64
import shutil
import tempfile
import threading
import weakref
from pathlib import Path

import refit
from refit.embedded_cloud.instance import process_environment
from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError, ModelError, Payload, Response
from refit.embedded_cloud.script_mode.serving import LOAD_SECONDS, RESPONSE_SECONDS, TIMED_OUT
from refit.embedded_cloud.script_mode.serving_process import TookTooLong, Worker
from refit.embedded_cloud.xgboost import library
from refit.embedded_cloud.xgboost.training import MODEL_FILE

MODULE = "refit.embedded_cloud.xgboost.serving_main"


class XGBoostModel:
    """A model in its own process, which is restarted if it has ended. It answers one request at a time.

    Its process and its copy of the model are removed once nothing references it.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)
        self._worker = self._start()

    @property
    def process_id(self) -> int:
        """The ID of the process that serves it now."""
        return self._worker.process_id

    def predict(self, payload: Payload) -> Response:
        """Sends one request to the process. Raises ModelError."""
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
        environment = {**process_environment.own(), "PYTHONPATH": str(Path(refit.__file__).parents[1])}
        worker = Worker(environment, self._home, ("-m", MODULE))
        result = worker.call({"model": str(self._home / "model" / MODEL_FILE)}, LOAD_SECONDS)
        if "failed" in result:
            raise CannotLoad(result["failed"])
        return worker


def load(model_dir: Path) -> XGBoostModel:
    """Starts a process that loads a copy of the only file of an unpacked model.tar.gz. Raises CannotLoad."""
    try:
        library.require()
    except CustomerError as error:
        raise CannotLoad(str(error)) from error
    if not (model_dir / MODEL_FILE).is_file():
        raise CannotLoad(f"model.tar.gz does not contain {MODEL_FILE}")
    home = Path(tempfile.mkdtemp(prefix="refit-serving-"))
    for folder in ("model", "code"):
        (home / folder).mkdir()
    shutil.copyfile(model_dir / MODEL_FILE, home / "model" / MODEL_FILE)
    return XGBoostModel(home)
