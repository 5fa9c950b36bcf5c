"""Loads a trained model from model.tar.gz, and answers requests.

sagemaker-xgboost-container: algorithm_mode/serve.py and serve_utils.py.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance.algorithm import CannotLoad, CustomerError, ModelError, Payload, Response
from refit.embedded_cloud.xgboost import library, requests, responses
from refit.embedded_cloud.xgboost.training import MODEL_FILE

PICKLE = b"\x80"
"""The first byte of a pickle, which may run any code."""


class XGBoostModel:
    """A loaded booster. It answers one request at a time, with one thread."""

    def __init__(self, booster: Any) -> None:
        self._booster = booster
        self._lock = threading.Lock()

    def predict(self, payload: Payload) -> Response:
        """Handles one request. Raises ModelError."""
        answer = responses.accepted(payload.accept)
        if not payload.body:
            return Response(b"", answer)
        matrix = requests.matrix(payload)
        try:
            with self._lock:
                scores = self._booster.predict(matrix, validate_features=False)
        except ValueError as error:  # XGBoostError is one
            raise ModelError(400, f"Unable to evaluate payload provided: {library.reason(error)}") from error
        return Response(responses.encoded(scores.tolist(), answer), answer)


def load(model_dir: Path) -> XGBoostModel:
    """Loads the only file of an unpacked model.tar.gz. Raises CannotLoad."""
    try:
        xgboost = library.load()
    except CustomerError as error:
        raise CannotLoad(str(error)) from error
    path = model_dir / MODEL_FILE
    if not path.is_file():
        raise CannotLoad(f"model.tar.gz does not contain {MODEL_FILE}")
    content = path.read_bytes()
    if content.startswith(PICKLE):
        raise CannotLoad(f"{MODEL_FILE} is a pickle, which the embedded cloud does not load: save it with save_model")
    booster = xgboost.Booster({"nthread": 1})
    try:
        booster.load_model(bytearray(content))
    except xgboost.core.XGBoostError as error:
        raise CannotLoad(f"Model at {MODEL_FILE} cannot be loaded: {library.reason(error)}") from error
    return XGBoostModel(booster)
