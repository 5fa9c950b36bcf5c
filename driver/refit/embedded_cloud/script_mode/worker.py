"""Serves one model in script mode: python -P worker.py, with the code's folder on PYTHONPATH.

It reads requests as lines of JSON from stdin, writes one line of JSON each to stdout, and ends when stdin closes. It
calls the program's functions as the SageMaker inference toolkit does, with the toolkit's defaults for missing ones:
https://github.com/aws/sagemaker-scikit-learn-container/blob/master/src/sagemaker_sklearn_container/serving.py
It does not import Refit, because the program's modules may have any name.
"""

from __future__ import annotations

import base64
import csv
import importlib
import io
import json
import os
import sys
import traceback
from types import ModuleType
from typing import Any, TextIO

import numpy as np

CSV, JSON, NPY = "text/csv", "application/json", "application/x-npy"
TEXTS = (CSV, JSON)
FUNCTIONS = ("input_fn", "predict_fn", "output_fn")


class Unsupported(Exception):
    """An unsupported media type: status 415 for that of the request, 406 for that of the response."""

    def __init__(self, status: int, media_type: str) -> None:
        super().__init__(f"Content type {media_type} is not supported; the program may have an input_fn or output_fn")
        self.status = status


class Handler:
    """A loaded model and the functions that serve it."""

    def __init__(self, module: ModuleType, program: str, model_dir: str, reads_empty_last_line: bool) -> None:
        self._reads_empty_last_line = reads_empty_last_line
        self._transform_fn = getattr(module, "transform_fn", None)
        own = [name for name in FUNCTIONS if hasattr(module, name)]
        if self._transform_fn and own:
            raise TypeError(f"{program} has transform_fn and {own[0]}; have either transform_fn or the others")
        self._input_fn = getattr(module, "input_fn", self._default_input_fn)
        self._predict_fn = getattr(module, "predict_fn", default_predict_fn)
        self._output_fn = getattr(module, "output_fn", default_output_fn)
        if not hasattr(module, "model_fn"):
            raise NotImplementedError(f"{program} has no model_fn(model_dir), which loads the model")
        self._model = module.model_fn(model_dir)

    def respond(self, body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        """The body and media type of the response. Raises Unsupported, and any exception of the program."""
        content_type = content_type or JSON
        if accept in ("", "*/*"):
            accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)
        content = body.decode() if content_type in TEXTS else body
        if self._transform_fn:
            result = self._transform_fn(self._model, content, content_type, accept)
        else:
            result = self._output_fn(self._predict_fn(self._input_fn(content, content_type), self._model), accept)
        response, media_type = result if isinstance(result, tuple) else (result, accept)
        if not isinstance(response, str | bytes | bytearray) or not isinstance(media_type, str):
            raise TypeError(f"output_fn returned {type(response).__name__} and {type(media_type).__name__}")
        return response.encode() if isinstance(response, str) else bytes(response), media_type

    def _default_input_fn(self, content: str | bytes, content_type: str) -> Any:
        if content_type == CSV and self._reads_empty_last_line and str(content).endswith("\n"):
            content = str(content) + "nan"
        return default_input_fn(content, content_type)


def default_input_fn(content: str | bytes, content_type: str) -> Any:
    """The request as an array. A single row of CSV becomes a one-dimensional array, as in the toolkit."""
    if content_type == CSV:
        return np.array(list(csv.reader(io.StringIO(str(content)), strict=True))).squeeze().astype(np.float32)
    if content_type == JSON:
        return np.array(json.loads(content)).astype(np.float32)
    if content_type == NPY and isinstance(content, bytes):
        return np.load(io.BytesIO(content))
    raise Unsupported(415, content_type)


def default_predict_fn(data: Any, model: Any) -> Any:
    """The model's prediction."""
    return model.predict(data)


def default_output_fn(prediction: Any, accept: str) -> bytes:
    """The prediction as the body of a response. Raises Unsupported."""
    if accept == JSON:
        return json.dumps(prediction, default=lambda value: value.tolist()).encode()
    if accept == CSV:
        table = np.array(prediction)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table.reshape(-1, 1) if table.ndim < 2 else table)
        return text.getvalue().encode()
    if accept == NPY:
        file = io.BytesIO()
        np.save(file, prediction)
        return file.getvalue()
    raise Unsupported(406, accept)


def reply(handler: Handler, request: dict[str, str]) -> dict[str, Any]:
    """Handles one request, and returns the JSON document to write. Failures become an HTTP status and a message."""
    try:
        body, media_type = handler.respond(
            base64.b64decode(request["body"]), request["content_type"], request["accept"]
        )
    except Unsupported as error:
        return {"status": error.status, "message": str(error)}
    except Exception as error:
        traceback.print_exc()
        return {"status": 500, "message": f"{type(error).__name__}: {error}"}
    return {"status": 200, "body": base64.b64encode(body).decode(), "content_type": media_type}


def main() -> None:
    """Loads the model that the first line names, then handles requests until stdin closes."""
    requests, responses = _private_streams()
    order = json.loads(requests.readline())
    program, stage = order["program"], "program"
    try:
        module = importlib.import_module(program.removesuffix(".py").replace("/", "."))
        stage = "model"
        handler = Handler(module, program, order["model_dir"], order["reads_empty_last_line"])
    except BaseException as error:
        traceback.print_exc()
        _write(responses, {"failed": f"{type(error).__name__}: {error}", "stage": stage})
        return
    _write(responses, {"ready": True})
    for line in requests:
        _write(responses, reply(handler, json.loads(line)))


def _private_streams() -> tuple[TextIO, TextIO]:
    """Reserves stdin and stdout for this module; the program's own output goes to stderr."""
    requests, responses = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, responses


def _write(responses: TextIO, document: dict[str, Any]) -> None:
    responses.write(json.dumps(document) + "\n")
    responses.flush()


if __name__ == "__main__":
    main()
    # Threads that the program has started must not keep the process alive.
    sys.stderr.flush()
    os._exit(0)
