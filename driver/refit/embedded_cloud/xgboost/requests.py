"""Parses the rows of a request to a served XGBoost model.

As AWS's container in algorithm mode: white space around the body does not count, and an empty cell is a missing value.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from refit.embedded_cloud.instance.algorithm import ModelError, Payload
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.xgboost import content_types, library
from refit.embedded_cloud.xgboost.content_types import CSV, LIBSVM, RECORDIO

SNIFFED = 512
"""The characters of the first line by which the delimiter is determined."""


def matrix(payload: Payload) -> Any:
    """The rows as a DMatrix. Raises ModelError 415 with the container's message."""
    try:
        format_name = content_types.format_of(payload.content_type)
    except content_types.NotAccepted as error:
        raise ModelError(415, str(error)) from error
    reader = READERS.get(format_name)
    if reader is None:
        raise ModelError(415, f"Content-type {payload.content_type} is not supported.")
    try:
        return library.load().DMatrix(reader(payload.body), nthread=1)
    except Exception as error:
        raise ModelError(
            415,
            f"Loading {format_name} data failed with Exception, please ensure data is in {format_name} format:\n "
            f"{type(error)}\n {library.reason(error)}",
        ) from error


def _csv(body: bytes) -> Any:
    lines = body.strip().decode().split("\n")
    delimiter = csv.Sniffer().sniff(lines[0][:SNIFFED]).delimiter
    delimiter = "," if delimiter.isalnum() else delimiter
    return np.array([[cell or "nan" for cell in line.split(delimiter)] for line in lines]).astype(np.float64)


def _libsvm(body: bytes) -> Any:
    """Rows of index:value; the first number of a row, the label, is ignored if it is there."""
    rows = [
        dict(item.split(":", 1) for item in line.split(" ") if ":" in item)
        for line in body.strip().decode().split("\n")
    ]
    parsed = [{int(index): float(value) for index, value in row.items()} for row in rows]
    width = 1 + max((max(row) for row in parsed if row), default=-1)
    if min((min(row) for row in parsed if row), default=0) < 0:
        raise ValueError("negative row or column index found")
    values = np.full((len(parsed), width), np.nan)
    for number, row in enumerate(parsed):
        values[number, list(row)] = list(row.values())
    return values


def _recordio(body: bytes) -> Any:
    return np.vstack([record.features["values"].row(None) for record in recordio.read(io.BytesIO(body))])


READERS: Mapping[str, Callable[[bytes], Any]] = {CSV: _csv, LIBSVM: _libsvm, RECORDIO: _recordio}
