"""What an endpoint answers to rows of CSV → one prediction a row. Pure.

Linear Learner: https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html. An own image may as well answer with
a JSON list of numbers, also under `predictions`, or with plain numbers divided by commas or ends of line.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from refit.domain.metrics import NotComparable, Prediction


def read(body: bytes) -> list[Prediction]:
    """The predictions, in order. Whatever type the answer says it has, it is JSON if it reads as JSON, else CSV.

    Raises NotComparable for anything else.
    """
    try:
        text = body.decode()
    except ValueError:
        raise NotComparable("the live model's answer is no text") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [Prediction(_number_in(part), None) for part in text.replace("\n", ",").split(",") if part.strip()]
    if isinstance(found, Mapping):
        found = found.get("predictions")
    return [_prediction(item) for item in (found if isinstance(found, list) else [found])]


def _prediction(item: object) -> Prediction:
    if isinstance(item, Mapping):
        prediction = Prediction(_number(item.get("score")), _number(item.get("predicted_label")))
    else:
        prediction = Prediction(_number(item), None)
    if prediction == (None, None):
        raise NotComparable("the live model's answer holds something that is neither a number nor a prediction")
    return prediction


def _number(value: object) -> float | None:
    """A JSON number; None for anything else, such as the scores of every class in a list."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _number_in(part: str) -> float:
    try:
        return float(part)
    except ValueError:
        raise NotComparable("the live model's answer is neither JSON nor numbers") from None
