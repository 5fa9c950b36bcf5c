"""Computes a model's metrics from its predictions, and defines whether higher or lower is better. Pure.

The names are those of the built-in algorithms, and those that other images commonly use for the same metrics:
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost-tuning.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from refit.domain.algorithms import xgboost
from refit.domain.predictions import Prediction

CLASSIFICATION_THRESHOLD = 0.5
"""The lowest probability of class 1 that is counted as class 1."""
LEAST_PROBABILITY = 1e-16
"""XGBoost's lower bound of a probability in logloss and mlogloss, whose logarithm would be infinite."""


class NotComparable(Exception):
    """A model is live, but could not be measured; the message is the reason, for users."""


def kind(metric: str) -> str:
    """A metric's name without the channel: `validation:mse` → mse."""
    return metric.rpartition(":")[2]


def measure(metric: str, labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """The metric as the built-in algorithms define it, from the labels and one prediction for each.

    It is infinite or NaN if predictions are. Raises NotComparable if the predictions are not sufficient.
    """
    if not labels:
        raise NotComparable("there are no rows to measure it on")
    compute = COMPUTED.get(kind(metric))
    if compute is None:
        raise NotComparable(f"{metric} cannot be computed from predictions")
    return compute(labels, predictions)


def _mse(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    errors = [_score(prediction) - label for label, prediction in zip(labels, predictions, strict=True)]
    return sum(error * error for error in errors) / len(errors)


def _rmse(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    return math.sqrt(_mse(labels, predictions))


def _mae(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    errors = [abs(_score(prediction) - label) for label, prediction in zip(labels, predictions, strict=True)]
    return sum(errors) / len(errors)


def _accuracy(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    return sum(map(_is_correct, labels, predictions)) / len(labels)


def _error(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    return sum(not _is_correct(*pair) for pair in zip(labels, predictions, strict=True)) / len(labels)


def _logloss(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """Of the probability of class 1, for labels from 0 to 1."""
    total = 0.0
    for label, prediction in zip(labels, predictions, strict=True):
        score = _score(prediction)
        if not 0 <= score <= 1 or not 0 <= label <= 1:
            raise NotComparable(f"the prediction {score:g} for a row of class {label:g} is not a probability")
        total -= label * _log(score) + (1 - label) * _log(1 - score)
    return total / len(labels)


def _mlogloss(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """Of the probabilities of all classes."""
    total = 0.0
    for label, prediction in zip(labels, predictions, strict=True):
        scores = prediction.scores
        if scores is None or label not in range(len(scores)):
            raise NotComparable(f"a prediction has no probability of the class {label:g}")
        total -= _log(scores[int(label)])
    return total / len(labels)


def _log(probability: float) -> float:
    return math.log(max(probability, LEAST_PROBABILITY))


def _auc(labels: Sequence[float], predictions: Sequence[Prediction]) -> float:
    """The share of pairs of a row of class 1 and one of class 0 in which the former has the higher score."""
    scores = [_score(prediction) for prediction in predictions]
    positive = sum(label == 1 for label in labels)
    negative = sum(label == 0 for label in labels)
    if not positive or not negative or positive + negative < len(labels):
        raise NotComparable("the rows are not of the classes 0 and 1, or only of one of them")
    wins = zeros_below = 0.0
    rows = sorted(zip(scores, labels, strict=True))
    for _, tied in groupby(rows, key=itemgetter(0)):
        classes = [label for _, label in tied]
        ones = sum(classes)
        zeros = len(classes) - ones
        wins += ones * (zeros_below + zeros / 2)
        zeros_below += zeros
    return wins / (positive * negative)


COMPUTED: Mapping[str, Callable[[Sequence[float], Sequence[Prediction]], float]] = {
    "mse": _mse,
    "rmse": _rmse,
    "absolute_loss": _mae,
    "mae": _mae,
    "binary_classification_accuracy": _accuracy,
    "multiclass_accuracy": _accuracy,
    "accuracy": _accuracy,
    "error": _error,
    "merror": _error,
    "logloss": _logloss,
    "mlogloss": _mlogloss,
    "auc": _auc,
}
"""The metrics that can be computed from predictions, and so be compared with the live model's."""

HIGHER_IS_BETTER = frozenset(
    {"binary_classification_accuracy", "multiclass_accuracy", "accuracy", *xgboost.HIGHER_IS_BETTER}
)
LOWER_IS_BETTER = frozenset({"mse", "rmse", "absolute_loss", "mae", *xgboost.LOWER_IS_BETTER})
"""The metrics whose direction is known; those of other images are not."""


def _score(prediction: Prediction) -> float:
    if prediction.score is None or prediction.scores is not None:
        raise NotComparable("a prediction has no single numeric score")
    return prediction.score


def _is_correct(label: float, prediction: Prediction) -> bool:
    """Whether the class is correct: the label, the class with the highest score, or that of a single score.

    A score without a label is the class itself or, from 0 to 1, the probability of class 1.
    """
    if isinstance(prediction.label, str):
        raise NotComparable(f"a prediction is the class {prediction.label[:40]!r}, but those of the rows are numbers")
    if prediction.label is not None:
        return prediction.label == label
    if prediction.scores is not None:
        return prediction.scores.index(max(prediction.scores)) == label
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
