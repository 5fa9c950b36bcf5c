"""The metrics that can be computed from a model's answers, and which way each of them is better. Pure.

Their names are Linear Learner's, and what other images commonly call the same:
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

LOWER_IS_BETTER = ("mse", "rmse", "absolute_loss", "mae")
HIGHER_IS_BETTER = ("binary_classification_accuracy", "multiclass_accuracy", "accuracy")

PROBABLE = 0.5
"""From which probability of the class 1 on a row counts as 1."""


class Prediction(NamedTuple):
    """A model's answer to one row; None for what it does not say in one number."""

    score: float | None
    label: float | None


class NotComparable(Exception):
    """Why the live model could not be measured, in words for people."""


def kind(metric: str) -> str:
    """A metric's name without the channel: `validation:mse` → mse."""
    return metric.rpartition(":")[2]


def measure(metric: str, labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """The metric of one prediction a label, as Linear Learner defines it; may be infinite or NaN, as answers may be.

    Raises NotComparable when the answers do not tell it.
    """
    if not labels:
        raise NotComparable("there is no row to measure it on")
    wanted = kind(metric)
    if wanted in HIGHER_IS_BETTER:
        return sum(map(_is_right, labels, predictions)) / len(labels)
    errors = [_score(prediction) - label for label, prediction in zip(labels, predictions, strict=True)]
    if wanted in ("mse", "rmse"):
        mean = sum(error * error for error in errors) / len(errors)
        return math.sqrt(mean) if wanted == "rmse" else mean
    if wanted in LOWER_IS_BETTER:
        return sum(map(abs, errors)) / len(errors)
    raise NotComparable(f"{metric} cannot be computed from answers")


def _score(prediction: Prediction) -> float:
    if prediction.score is None:
        raise NotComparable("an answer has no score that is one number")
    return prediction.score


def _is_right(label: float, prediction: Prediction) -> bool:
    """Whether the class is right. A bare number is the class itself or, between 0 and 1, the probability of class 1."""
    if prediction.label is not None:
        return prediction.label == label
    score = _score(prediction)
    if not math.isfinite(score):
        raise NotComparable(f"an answer is {score}, which is no class")
    if score.is_integer():
        return score == label
    if not (0 < score < 1 and label in (0, 1)):
        raise NotComparable(
            f"the answer {score:g} to a row of the class {label:g} is neither a class nor a probability"
        )
    return (score >= PROBABLE) == bool(label)
