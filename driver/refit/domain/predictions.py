"""Splits rows into requests for an endpoint, and parses its responses into one prediction per row. Pure.

Linear Learner's responses: https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html. A custom image may
respond with a JSON list of numbers, with such a list under `predictions`, or with numbers separated by commas or line
breaks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """A model's prediction for one row; fields that the response does not contain as numbers are None.

    A classifier adds the `label`. A multiclass classifier has `scores` for all classes, and `score` is the highest.
    """

    score: float | None
    label: float | None = None
    scores: tuple[float, ...] | None = None

    def __str__(self) -> str:
        """The scores and then the label, separated by spaces."""
        scores = self.scores or (() if self.score is None else (self.score,))
        return " ".join([*map(str, scores), *(() if self.label is None else (f"{self.label:g}",))])


def batches(rows: Sequence[str], most_rows: int, most_bytes: int) -> Iterator[Sequence[str]]:
    """The rows in order, in batches of at most `most_rows` rows and `most_bytes` bytes with their line breaks.

    A row that exceeds a limit on its own gets its own batch.
    """
    start = size = 0
    for number, row in enumerate(rows):
        if number > start and (number - start == most_rows or size + len(row) + 1 > most_bytes):
            yield rows[start:number]
            start, size = number, 0
        size += len(row) + 1
    if start < len(rows):
        yield rows[start:]


def read(body: bytes) -> list[Prediction]:
    """The predictions in a response, in order: it is parsed as JSON, whatever its content type, or else as CSV.

    Raises ValueError for anything else; the message describes the response.
    """
    try:
        text = body.decode()
    except ValueError:
        raise ValueError("is not text") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [Prediction(_parsed(part)) for part in text.replace("\n", ",").split(",") if part.strip()]
    if isinstance(found, Mapping):
        found = found.get("predictions")
    return [_prediction(item) for item in (found if isinstance(found, list) else [found])]


def _prediction(item: object) -> Prediction:
    score, label = (item.get("score"), item.get("predicted_label")) if isinstance(item, Mapping) else (item, None)
    prediction = Prediction(_number(score), _number(label))
    if isinstance(score, list):
        scores = [number for number in map(_number, score) if number is not None]
        if scores and len(scores) == len(score):
            prediction = Prediction(max(scores), _number(label), tuple(scores))
    if prediction == Prediction(None):
        raise ValueError("contains something that is neither a number nor a prediction")
    return prediction


def _number(value: object) -> float | None:
    """A JSON number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _parsed(part: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise ValueError("is neither JSON nor numbers") from None
