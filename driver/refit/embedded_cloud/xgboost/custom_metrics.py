"""Computes the metrics that AWS's container adds to those of the library, from predictions and labels.

Definitions: sagemaker-xgboost-container, metrics/custom_metrics.py, which uses those of scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Floats = Any
"""An array of numbers."""


def classes(predictions: Floats) -> Floats:
    """The predicted class of each row: the one with the highest score, or the rounded score."""
    scores = np.asarray(predictions)
    return np.argmax(scores, axis=1) if scores.ndim == 2 and scores.shape[1] > 1 else np.rint(scores.ravel())


def _accuracy(labels: Floats, predictions: Floats) -> float:
    return float(np.mean(labels == classes(predictions)))


def _mse(labels: Floats, predictions: Floats) -> float:
    return float(np.mean((labels - np.ravel(predictions)) ** 2))


def _r2(labels: Floats, predictions: Floats) -> float:
    total = float(np.sum((labels - labels.mean()) ** 2))
    residual = float(np.sum((labels - np.ravel(predictions)) ** 2))
    return 1 - residual / total if total else float(residual == 0)


def _of_classes(labels: Floats, predictions: Floats) -> Sequence[tuple[float, float, float]]:
    """Precision, recall and F1 of each class that occurs; 0 where they are undefined."""
    predicted = classes(predictions)
    found = []
    for one in np.union1d(labels, predicted):
        hits = float(np.sum((labels == one) & (predicted == one)))
        of_predicted, of_labels = float(np.sum(predicted == one)), float(np.sum(labels == one))
        precision = hits / of_predicted if of_predicted else 0.0
        recall = hits / of_labels if of_labels else 0.0
        found.append((precision, recall, 2 * hits / (of_predicted + of_labels)))
    return found


def _macro(place: int) -> Callable[[Floats, Floats], float]:
    """The mean over the classes."""
    return lambda labels, predictions: float(np.mean([row[place] for row in _of_classes(labels, predictions)]))


def _binary(place: int) -> Callable[[Floats, Floats], float]:
    """Of class 1."""

    def measured(labels: Floats, predictions: Floats) -> float:
        predicted = classes(predictions)
        if set(np.union1d(labels, predicted)) - {0, 1}:
            raise ValueError("Target is multiclass but average='binary'")
        hits = float(np.sum((labels == 1) & (predicted == 1)))
        divisor = (np.sum(predicted == 1), np.sum(labels == 1), (np.sum(predicted == 1) + np.sum(labels == 1)) / 2)
        return hits / float(divisor[place]) if divisor[place] else 0.0

    return measured


def _balanced_accuracy(labels: Floats, predictions: Floats) -> float:
    predicted = classes(predictions)
    return float(np.mean([np.mean(predicted[labels == one] == one) for one in np.unique(labels)]))


CUSTOM: Mapping[str, Callable[[Floats, Floats], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced_accuracy,
    "f1": _macro(2),
    "f1_binary": _binary(2),
    "f1_macro": _macro(2),
    "mse": _mse,
    "precision": _binary(0),
    "precision_macro": _macro(0),
    "precision_micro": _accuracy,  # with one label a row, both micro averages are the accuracy
    "r2": _r2,
    "recall": _binary(1),
    "recall_macro": _macro(1),
    "recall_micro": _accuracy,
}


def evaluation(names: Sequence[str]) -> Callable[[Floats, Any], list[tuple[str, float]]]:
    """The function that the library calls with the predictions for a DMatrix after each round."""
    return lambda predictions, matrix: [(name, CUSTOM[name](matrix.get_label(), predictions)) for name in names]
