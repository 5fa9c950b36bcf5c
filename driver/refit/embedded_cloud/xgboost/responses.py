"""Encodes the predictions of XGBoost: a number per row, or a list of the probabilities of all classes.

https://github.com/aws/sagemaker-xgboost-container/pull/269
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from refit.embedded_cloud.instance.algorithm import ModelError

CSV, JSON = "text/csv", "application/json"


def accepted(accept: str) -> str:
    """The media type of the response to a request with this Accept. Raises ModelError 406 for others."""
    if accept in ("", "*/*"):
        return CSV
    if accept not in (CSV, JSON):
        raise ModelError(
            406, f"Accept type {accept} is not supported. Please use supported accept types: {JSON}, {CSV}."
        )
    return accept


def encoded(predictions: Sequence[float | Sequence[float]], media_type: str) -> bytes:
    """One line per row, or a JSON list with one item per row."""
    if media_type == JSON:
        return json.dumps(predictions).encode()
    rows = (row if isinstance(row, Sequence) else [row] for row in predictions)
    return "".join(f"{','.join(map(str, row))}\n" for row in rows).encode()
