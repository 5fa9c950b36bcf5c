"""Predicts in a process of its own: one request at a time, in a process that is restarted if it has ended."""

from __future__ import annotations

import base64
import shutil
import threading
import weakref
from abc import ABC, abstractmethod
from pathlib import Path

from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Response
from refit.embedded_cloud.script_mode.serving_process import TookTooLong, Worker

LOAD_SECONDS = 60.0
RESPONSE_SECONDS = 60.0
"""https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html"""
TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for "
    "each container in Amazon CloudWatch, resolve the issue, and try again."
)
"""AWS's message, with the status 0: https://github.com/aws-samples/host-yolov8-on-sagemaker-endpoint/issues/21"""


class ProcessPredictor(ABC):
    """A model in its own process, whose files are in `home`.

    The process and `home` are removed once nothing references the model. One that has been replaced therefore still
    answers the requests that it has already received.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        weakref.finalize(self, shutil.rmtree, home, ignore_errors=True)
        self._worker = self._start()

    @abstractmethod
    def _start(self) -> Worker:
        """Starts the process and loads the model within LOAD_SECONDS. Raises CannotLoad."""

    @property
    def process_id(self) -> int:
        """The ID of the process that serves it now."""
        return self._worker.process_id

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
