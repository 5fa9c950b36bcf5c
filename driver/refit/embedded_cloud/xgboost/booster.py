"""Loads a trained model with the library, and answers requests.

A damaged file can end the process, so only the process of one model (serving_main.py) may load it.
sagemaker-xgboost-container: algorithm_mode/serve.py and serve_utils.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Response
from refit.embedded_cloud.xgboost import library, requests, responses

PICKLE = b"\x80"
"""The first byte of a pickle, which may run any code."""


class LoadedBooster:
    """A loaded model. It answers one request at a time, with one thread."""

    def __init__(self, booster: Any) -> None:
        self._booster = booster

    def predict(self, payload: Payload) -> Response:
        """Handles one request. Raises ModelError."""
        answer = responses.accepted(payload.accept)
        if not payload.body:
            return Response(b"", answer)
        matrix = requests.matrix(payload)
        try:
            scores = self._booster.predict(matrix, validate_features=False)
        except ValueError as error:  # XGBoostError is one
            raise ModelError(400, f"Unable to evaluate payload provided: {library.reason(error)}") from error
        return Response(responses.encoded(scores.tolist(), answer), answer)


def load(path: Path) -> LoadedBooster:
    """Loads a model's file. Raises CannotLoad."""
    xgboost = library.load()
    content = path.read_bytes()
    if content.startswith(PICKLE):
        raise CannotLoad(f"{path.name} is a pickle, which the embedded cloud does not load: save it with save_model")
    booster = xgboost.Booster({"nthread": 1})
    try:
        booster.load_model(bytearray(content))
    except xgboost.core.XGBoostError as error:
        raise CannotLoad(f"Model at {path.name} cannot be loaded: {library.reason(error)}") from error
    return LoadedBooster(booster)
