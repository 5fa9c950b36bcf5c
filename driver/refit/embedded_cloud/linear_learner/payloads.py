"""Parses requests to a served Linear Learner, and formats its responses.

https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from refit.embedded_cloud.instance.algorithm import ModelError, Payload, Response
from refit.embedded_cloud.linear_learner.rows import Floats

Prediction = Mapping[str, float | list[float]]
"""`score`, a list if there are more than two classes, and a classifier's `predicted_label`."""

CSV, JSON, JSON_LINES = "text/csv", "application/json", "application/jsonlines"


def features(payload: Payload, feature_dim: int) -> Floats:
    """The rows of a request, without labels. Raises ModelError with the container's message and the invalid row."""
    readers = {CSV: _csv, JSON: _json, JSON_LINES: _json_lines}
    if payload.content_type not in readers:
        raise ModelError(
            415, f"Content-type {payload.content_type or 'none'} is not supported; use {', '.join(readers)}"
        )
    try:
        rows = readers[payload.content_type](payload.body.decode())
    except (ValueError, KeyError, TypeError) as error:
        raise _unable(f"the body is not valid {payload.content_type} for Linear Learner: {error!r}") from error
    if not rows:
        raise _unable("the body has no rows")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, list) or len(row) != feature_dim:
            length = len(row) if isinstance(row, list) else 0
            raise _unable(f"row {number} has {length} features, the model expects {feature_dim}")
    try:
        values = np.array(rows, dtype=np.float64)
    except (ValueError, TypeError):
        raise _unable(f"row {_first_not_numeric(rows)} has a value that is not a number") from None
    if not np.isfinite(values).all():
        raise _unable(f"row {int(np.argwhere(~np.isfinite(values))[0][0]) + 1} has a value that is not finite")
    return values


def response(payload: Payload, predictions: Sequence[Prediction]) -> Response:
    """The predictions in the media type that the client accepts: JSON by default. Raises ModelError."""
    accepted = [part.partition(";")[0].strip() for part in payload.accept.split(",")]
    if not payload.accept or JSON in accepted or "*/*" in accepted or "application/*" in accepted:
        return Response(json.dumps({"predictions": predictions}).encode(), JSON)
    if CSV in accepted:
        return Response("".join(_line(row) + "\n" for row in predictions).encode(), CSV)
    if JSON_LINES in accepted:
        return Response("".join(json.dumps(row) + "\n" for row in predictions).encode(), JSON_LINES)
    raise ModelError(406, f"Accept {payload.accept} is not supported; use {JSON}, {CSV}, {JSON_LINES}")


def _line(prediction: Prediction) -> str:
    fields = (value if isinstance(value, list) else [value] for value in prediction.values())
    return ",".join(str(number) for numbers in fields for number in numbers)


def _csv(body: str) -> list[Any]:
    return [[field.strip() for field in line.split(",")] for line in body.splitlines() if line.strip()]


def _json(body: str) -> list[Any]:
    return [_instance(instance) for instance in json.loads(body)["instances"]]


def _json_lines(body: str) -> list[Any]:
    return [_instance(json.loads(line)) for line in body.splitlines() if line.strip()]


def _instance(instance: Any) -> Any:
    """The features of {"features": […]}, or of the longer {"data": {"features": {"values": […]}}}."""
    return instance["data"]["features"]["values"] if "data" in instance else instance["features"]


def _first_not_numeric(rows: list[Any]) -> int:
    for number, row in enumerate(rows, 1):
        try:
            np.array(row, dtype=np.float64)
        except (ValueError, TypeError):
            return number
    return 1


def _unable(reason: str) -> ModelError:
    return ModelError(400, f"unable to evaluate payload provided: {reason}")
