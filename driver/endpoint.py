"""Asks a deployed model: rows of features in, predictions out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from driver.aws import Aws, calling
from driver.errors import NotFound, RefitError

REQUEST_BYTES = 5_000_000
"""Below what InvokeEndpoint takes: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html"""
ROWS_A_REQUEST = 500


@dataclass(frozen=True)
class Prediction:
    """The model's answer for one row; a classifier also names the label."""

    score: float
    label: float | None = None


def ask(aws: Aws, endpoint: str, rows: Sequence[str]) -> list[Prediction]:
    """The predictions for `rows` (comma-separated features, no label), in their order.

    Raises RefitError when there is no such endpoint or it cannot answer.
    """
    predictions: list[Prediction] = []
    for batch in batches(rows):
        try:
            with calling(f"ask the endpoint {endpoint}"):
                answer = aws.sagemaker_runtime.invoke_endpoint(
                    EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="\n".join(batch)
                )
                document = json.loads(answer["Body"].read())
        except NotFound:
            raise RefitError(
                f"there is no endpoint {endpoint}", "it is made by the first run that deploys: refit status PIPELINE"
            ) from None
        predictions += [Prediction(item["score"], item.get("predicted_label")) for item in document["predictions"]]
    if len(predictions) != len(rows):
        raise RefitError(f"the endpoint {endpoint} answered {len(predictions)} predictions for {len(rows)} rows")
    return predictions


def batches(rows: Sequence[str]) -> Iterator[list[str]]:
    """The rows in their order, in requests of at most ROWS_A_REQUEST rows and, but for a longer row, REQUEST_BYTES."""
    batch: list[str] = []
    size = 0
    for row in rows:
        if batch and (len(batch) == ROWS_A_REQUEST or size + len(row) + 1 > REQUEST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += len(row) + 1
    if batch:
        yield batch
