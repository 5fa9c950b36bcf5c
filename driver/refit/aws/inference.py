"""Asks a deployed model: rows of features in, predictions out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from refit.aws.session import Aws, calling
from refit.domain.formatting import counted
from refit.errors import NotFound, RefitError

REQUEST_BYTES = 5_000_000
"""Below what InvokeEndpoint takes: https://docs.aws.amazon.com/general/latest/gr/sagemaker.html"""
ROWS_A_REQUEST = 500


@dataclass(frozen=True)
class Prediction:
    """The model's answer for one row; a classifier also names the label.

    Of many classes `scores` has every one's, and `score` is the highest.
    """

    score: float
    label: float | None = None
    scores: tuple[float, ...] | None = None

    def __str__(self) -> str:
        """The scores, divided by spaces, and behind them the label."""
        label = () if self.label is None else (f"{self.label:g}",)
        return " ".join([*map(str, self.scores or [self.score]), *label])


def ask(aws: Aws, endpoint: str, rows: Sequence[str]) -> list[Prediction]:
    """The predictions for `rows` (comma-separated features, no label), in their order.

    Raises RefitError when there is no such endpoint, or its answer is none that `read` knows.
    """
    predictions: list[Prediction] = []
    for batch in batches(rows):
        try:
            with calling(f"ask the endpoint {endpoint}"):
                answer = aws.sagemaker_runtime.invoke_endpoint(
                    EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="\n".join(batch)
                )
                body = answer["Body"].read()
        except NotFound:
            raise RefitError(
                f"there is no endpoint {endpoint}", "it is made by the first run that deploys: refit status PIPELINE"
            ) from None
        try:
            predictions += read(body)
        except (ValueError, TypeError, KeyError) as error:
            start = body[:100].decode(errors="replace")
            raise RefitError(
                f"the endpoint {endpoint} answered what is no prediction: {start}",
                "an own algorithm answers with a JSON list, one item for each row (docs/algorithms.md)",
            ) from error
    if len(predictions) != len(rows):
        answered, asked = counted(len(predictions), "prediction"), counted(len(rows), "row")
        raise RefitError(f"the endpoint {endpoint} answered {answered} for {asked}")
    return predictions


def read(body: bytes) -> list[Prediction]:
    """The predictions in a JSON answer: Linear Learner's, or a list, as the SageMaker toolkits write it by themselves.

    Raises ValueError, TypeError or KeyError for anything else.
    https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html
    """
    document = json.loads(body)
    items = document["predictions"] if isinstance(document, dict) else document
    return [_prediction(item) for item in (items if isinstance(items, list) else [items])]


def _prediction(item: Any) -> Prediction:
    score, label = (item["score"], item.get("predicted_label")) if isinstance(item, dict) else (item, None)
    if isinstance(score, list):
        scores = tuple(map(float, score))
        return Prediction(max(scores), label, scores)
    return Prediction(float(score), label)


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
