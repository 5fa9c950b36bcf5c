"""Splits rows into requests for an endpoint, and parses its responses into one prediction per row. Pure.

Linear Learner's responses: https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html. A custom image may
respond with a JSON list of numbers, of classes in words, or of lists with one number or the scores of all classes; with
such a list under `predictions`; with one of these for each line; or with numbers separated by commas or line breaks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from refit.domain.csv_cells import WHITE, is_number


@dataclass(frozen=True)
class Prediction:
    """A model's prediction for one row; fields that the response does not contain are None.

    A classifier adds the `label`, a number or a word. A multiclass classifier has `scores` for all classes, and `score`
    is the highest.
    """

    score: float | None
    label: float | str | None = None
    scores: tuple[float, ...] | None = None

    def __str__(self) -> str:
        """The scores and then the label, separated by spaces."""
        scores = self.scores or (() if self.score is None else (self.score,))
        label = f"{self.label:g}" if isinstance(self.label, float | int) else self.label
        return " ".join([*map(str, scores), *(() if label is None else (label,))])


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
    """The predictions in a response, in order, whatever its content type: JSON, JSON lines, or else CSV.

    Raises ValueError for anything else; the message describes the response.
    """
    try:
        text = body.decode()
    except ValueError:
        raise ValueError("is not text") from None
    lines = [line for line in text.split("\n") if line.strip(WHITE)]
    found = _json(text, lines)
    if found is not None:
        return list(map(_prediction, found))
    return [Prediction(_parsed(part)) for line in lines for part in line.split(",") if part.strip(WHITE)]


def _json(text: str, lines: Sequence[str]) -> list[object] | None:
    """One value for each row, of a JSON document or of JSON lines; None if the text is neither."""
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
        if isinstance(found, Mapping) and "predictions" in found:
            found = found["predictions"]
        return found if isinstance(found, list) else [found]
    with suppress(ValueError, RecursionError):
        return [json.loads(line) for line in lines]
    return None


def _prediction(item: object) -> Prediction:
    """The prediction for one row: a number, a class in words, the scores of all classes, or an object with these."""
    score, label = (item.get("score"), item.get("predicted_label")) if isinstance(item, Mapping) else (item, None)
    if isinstance(score, str) and not isinstance(item, Mapping):
        score, label = None, score
    if isinstance(score, list) and len(score) == 1:  # a column of one number for each row, as in [[1.5], [2.5]]
        score = score[0]
    prediction = Prediction(_number(score), _class(label))
    if isinstance(score, list):
        scores = [number for number in map(_number, score) if number is not None]
        if scores and len(scores) == len(score):
            prediction = Prediction(max(scores), _class(label), tuple(scores))
    if prediction == Prediction(None):
        raise ValueError("contains something that is neither a number nor a prediction")
    return prediction


def _class(label: object) -> float | str | None:
    """A class: a number, also one in quotes, or a word."""
    if isinstance(label, str):
        return float(label) if is_number(label) else label or None
    return _number(label)


def _number(value: object) -> float | None:
    """A JSON number; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _parsed(part: str) -> float:
    """A number in CSV; models also respond with nan and inf."""
    text = part.strip(WHITE)
    if not is_number(text) and text.lower().lstrip("+-") not in ("nan", "inf", "infinity"):
        raise ValueError("is neither JSON nor numbers")
    return float(text)
