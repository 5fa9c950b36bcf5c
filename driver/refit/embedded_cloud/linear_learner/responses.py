"""Formats the predictions of a served Linear Learner.

https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from refit.embedded_cloud.instance.algorithm import ModelError, Payload, Response
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.requests import CSV, JSON, JSON_LINES
from refit.embedded_cloud.linear_learner.tensors import Tensor

Prediction = Mapping[str, float | list[float]]
"""`score`, a list if there are more than two classes, and a classifier's `predicted_label`."""


def response(payload: Payload, predictions: Sequence[Prediction]) -> Response:
    """The predictions in the media type that the client prefers: JSON by default. Raises ModelError."""
    for accepted in _by_preference(payload.accept) or ["*/*"]:
        media_type = JSON if accepted in ("*/*", "application/*") else CSV if accepted == "text/*" else accepted
        if media_type in _WRITERS:
            return Response(_WRITERS[media_type](predictions), media_type)
    raise ModelError(406, f"Accept {payload.accept} is not supported; use {', '.join(_WRITERS)}")


def _by_preference(accept: str) -> list[str]:
    """The media types of an Accept header by their quality: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1"""
    qualities = []
    for part in accept.split(","):
        media_type, *parameters = (each.strip() for each in part.split(";"))
        if media_type:
            qualities.append((_quality(parameters), media_type))
    return [media_type for quality, media_type in sorted(qualities, key=lambda each: -each[0]) if quality > 0]


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def _json(predictions: Sequence[Prediction]) -> bytes:
    return json.dumps({"predictions": predictions}).encode()


def _json_lines(predictions: Sequence[Prediction]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in predictions).encode()


def _csv(predictions: Sequence[Prediction]) -> bytes:
    return "".join(",".join(map(str, _numbers(*row.values()))) + "\n" for row in predictions).encode()


def _recordio(predictions: Sequence[Prediction]) -> bytes:
    return b"".join(
        recordio.write(recordio.Record(label={name: Tensor(np.array(_numbers(value))) for name, value in row.items()}))
        for row in predictions
    )


def _numbers(*values: float | list[float]) -> list[float]:
    return [number for value in values for number in (value if isinstance(value, list) else [value])]


_WRITERS: Mapping[str, Callable[[Sequence[Prediction]], bytes]] = {
    JSON: _json,
    CSV: _csv,
    JSON_LINES: _json_lines,
    recordio.MEDIA_TYPE: _recordio,
}
