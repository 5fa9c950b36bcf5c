"""Parses the rows of a request to a served Linear Learner.

https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html and
https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from refit.domain.csv_cells import NUMBER, WHITE
from refit.embedded_cloud.instance.algorithm import ModelError, Payload
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.tensors import Floats, Tensor

CSV, JSON, JSON_LINES = "text/csv", "application/json", "application/jsonlines"
_DIGITS = re.compile(r"[0-9eE+\-.\s]*", re.ASCII)
"""Text that numpy reads as numbers exactly if NUMBER does."""


def features(payload: Payload, feature_dim: int) -> Floats:
    """The rows of a request, without labels. Raises ModelError with the container's message and the invalid row."""
    readers = {CSV: _csv, JSON: _json, JSON_LINES: _json_lines, recordio.MEDIA_TYPE: _recordio}
    reader = readers.get(payload.content_type)
    if reader is None:
        raise ModelError(
            415, f"Content-type {payload.content_type or 'none'} is not supported; use {', '.join(readers)}"
        )
    try:
        rows = list(reader(payload.body))
    # RecursionError: deeply nested JSON.
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unable(f"the body is not valid {payload.content_type} for Linear Learner: {error!r:.300}") from error
    if not rows:
        raise _unable("the body has no rows")
    is_csv = payload.content_type == CSV
    if (table := _table(rows, feature_dim, is_csv=is_csv)) is not None:
        return table
    number_of = _field if is_csv else _number
    for number, row in enumerate(rows, 1):
        try:
            rows[number - 1] = _tensor(row, number_of).row(feature_dim)
        except (ValueError, TypeError, OverflowError) as error:
            raise _unable(f"row {number} {error}") from None
    return np.array(rows, dtype=np.float64)


def _table(rows: Sequence[Any], width: int, *, is_csv: bool) -> Floats | None:
    """Dense rows of finite numbers, at once; None for any other, which are then parsed and checked one by one."""
    if not all(type(row) is list and len(row) == width for row in rows):
        return None
    if is_csv:
        are_numbers = _DIGITS.fullmatch("".join(map("".join, rows))) is not None
    else:
        are_numbers = {type(value) for row in rows for value in row} <= {int, float}
    if not are_numbers:
        return None
    try:
        table = np.array(rows, dtype=np.float64)
    except (ValueError, OverflowError):
        return None
    return table if np.isfinite(table).all() else None


def _csv(body: bytes) -> Iterator[Any]:
    """The fields of each line. A line feed at the end starts another row, which has no features.

    AWS's SDK sends none: https://github.com/aws/sagemaker-python-sdk/blob/v2.232.0/src/sagemaker/base_serializers.py
    """
    for line in body.decode().split("\n") if body else ():
        yield line.split(",") if line.strip() else []


def _json(body: bytes) -> Iterator[Any]:
    yield from map(_instance, json.loads(body.decode())["instances"])


def _json_lines(body: bytes) -> Iterator[Any]:
    yield from (_instance(json.loads(line)) for line in body.decode().splitlines() if line.strip())


def _recordio(body: bytes) -> Iterator[Any]:
    yield from (record.features["values"] for record in recordio.read(io.BytesIO(body)))


def _instance(instance: Any) -> Any:
    """The features of {"features": […]}, or of the longer {"data": {"features": {"values": […]}}}."""
    return instance["data"]["features"] if "data" in instance else instance["features"]


def _tensor(row: Any, number_of: Callable[[Any], float]) -> Tensor:
    """A parsed row; in JSON a list, or an object with values and, if it is sparse, keys and shape."""
    if isinstance(row, Tensor):
        return row
    if not isinstance(row, dict):
        return Tensor(_numbers(row, number_of))
    if "values" not in row:
        raise ValueError("has no values")
    keys = row.get("keys")
    return Tensor(
        _numbers(row["values"], number_of),
        None if keys is None else _positions(keys),
        _positions(row.get("shape") or []),
    )


def _numbers(values: Any, number_of: Callable[[Any], float]) -> Floats:
    if not isinstance(values, list):
        raise ValueError("has features that are not a list")
    return np.array([number_of(value) for value in values], dtype=np.float64)


def _field(text: str) -> float:
    """A number in a field of CSV."""
    field = text.strip(WHITE)
    if not (NUMBER.fullmatch(field) or field.lower() in ("nan", "inf", "-inf")):
        raise ValueError("has a value that is not a number")
    return float(field)


def _number(value: Any) -> float:
    """A number of JSON."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("has a value that is not a number")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _positions(values: Any) -> tuple[int, ...]:
    is_valid = isinstance(values, Sequence) and all(type(value) is int and 0 <= value < 1 << 63 for value in values)
    if not is_valid:
        raise ValueError("has keys or a shape that are not lists of whole numbers")
    return tuple(values)


def _unable(reason: str) -> ModelError:
    return ModelError(400, f"unable to evaluate payload provided: {reason}")
