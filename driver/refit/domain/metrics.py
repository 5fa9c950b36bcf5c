"""Computes a model's metrics from its predictions, and defines whether higher or lower is better. Pure.

Their names are Linear Learner's, and those that other images commonly use for the same metrics:
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from refit.domain.predictions import Prediction

LOWER_IS_BETTER = ("mse", "rmse", "absolute_loss", "mae")
HIGHER_IS_BETTER = ("binary_classification_accuracy", "multiclass_accuracy", "accuracy")

CLASSIFICATION_THRESHOLD = 0.5
"""The lowest probability of class 1 that is counted as class 1."""


class NotComparable(Exception):
    """A model is live, but could not be measured; the message is the reason, for users."""


def kind(metric: str) -> str:
    """A metric's name without the channel: `validation:mse` → mse."""
    return metric.rpartition(":")[2]


def measure(metric: str, labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """The metric as Linear Learner defines it, from the labels and one prediction for each.

    It is infinite or NaN if predictions are. Raises NotComparable if the predictions are not sufficient.
    """
    if not labels:
        raise NotComparable("there are no rows to measure it on")
    wanted = kind(metric)
    if wanted in HIGHER_IS_BETTER:
        return sum(map(_is_correct, labels, predictions)) / len(labels)
    errors = [_score(prediction) - label for label, prediction in zip(labels, predictions, strict=True)]
    if wanted in ("mse", "rmse"):
        mean = sum(error * error for error in errors) / len(errors)
        return math.sqrt(mean) if wanted == "rmse" else mean
    if wanted in LOWER_IS_BETTER:
        return sum(map(abs, errors)) / len(errors)
    raise NotComparable(f"{metric} cannot be computed from predictions")


def _score(prediction: Prediction) -> float:
    if prediction.score is None or prediction.scores is not None:
        raise NotComparable("a prediction has no single numeric score")
    return prediction.score


def _is_correct(label: float, prediction: Prediction) -> bool:
    """Whether the class is correct. A score without a label is the class itself or, from 0 to 1, its probability."""
    if isinstance(prediction.label, str):
        raise NotComparable(f"a prediction is the class {prediction.label[:40]!r}, but those of the rows are numbers")
    if prediction.label is not None:
        return prediction.label == label
    score = _score(prediction)
    if not math.isfinite(score):
        raise NotComparable(f"a prediction is {score}, which is not a class")
    if score.is_integer():
        return score == label
    if not (0 < score < 1 and label in (0, 1)):
        raise NotComparable(
            f"the prediction {score:g} for a row of class {label:g} is neither a class nor a probability"
        )
    return (score >= CLASSIFICATION_THRESHOLD) == bool(label)
