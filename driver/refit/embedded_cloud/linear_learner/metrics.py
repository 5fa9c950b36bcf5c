"""Computes the metrics that Linear Learner reports for a channel.

https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html; losses are in the label's own units. `dcg`
is omitted, because AWS does not document how it is computed.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from refit.embedded_cloud.linear_learner.hyperparameters import Settings
from refit.embedded_cloud.linear_learner.losses import HINGE, Loss
from refit.embedded_cloud.linear_learner.model import LinearModel
from refit.embedded_cloud.linear_learner.rows import Batch
from refit.embedded_cloud.linear_learner.tensors import Floats

Counts = NDArray[np.int64]


def measure(model: LinearModel, rows: Iterable[Batch], settings: Settings) -> dict[str, float]:
    """The metrics of `rows`, without the channel's prefix. `settings` are those that the model was fitted with."""
    if model.predictor_type == "regressor":
        return _regression(model, rows, settings.loss)
    if model.predictor_type == "binary_classifier":
        return _binary(model, rows, settings.margin)
    return _multiclass(model, rows, settings.accuracy_top_k)


def log_loss(margin: Floats, labels: Floats) -> Floats:
    """The logistic loss of each row, without overflow."""
    loss: Floats = np.logaddexp(0.0, margin) - labels * margin
    return loss


def softmax_loss(margin: Floats, labels: Floats) -> Floats:
    """The cross entropy of each row, without overflow; `margin` has a column for each class."""
    own = margin[np.arange(len(margin)), labels.astype(int)]
    loss: Floats = np.logaddexp.reduce(margin, axis=1) - own
    return loss


def _regression(model: LinearModel, rows: Iterable[Batch], loss: Loss | None) -> dict[str, float]:
    count, squared, absolute, objective = 0, 0.0, 0.0, 0.0
    for batch in rows:
        error = model.margin(batch.features) - batch.labels
        count += len(error)
        squared += float(error @ error)
        absolute += float(np.abs(error).sum())
        objective += float(loss.of(error).sum() if loss else error @ error)
    return {"objective_loss": objective / count, "mse": squared / count, "absolute_loss": absolute / count}


def _binary(model: LinearModel, rows: Iterable[Batch], hinge_margin: float | None) -> dict[str, float]:
    loss = 0.0
    outcomes = np.zeros((2, 2), dtype=np.int64)
    for batch in rows:
        margin = model.margin(batch.features)
        if hinge_margin is None:
            loss += float(log_loss(margin, batch.labels).sum())
        else:
            loss += float(HINGE.of(np.where(batch.labels > 0, margin, -margin) - hinge_margin).sum())
        np.add.at(outcomes, (batch.labels.astype(int), (margin >= 0).astype(int)), 1)
    precision, recall, f_beta = (float(of_class[1]) for of_class in _quality(outcomes))
    return {
        "objective_loss": float(loss / outcomes.sum()),
        "binary_classification_accuracy": float(outcomes.trace() / outcomes.sum()),
        "precision": precision,
        "recall": recall,
        "binary_f_beta": f_beta,
    }


def _multiclass(model: LinearModel, rows: Iterable[Batch], top_k: int) -> dict[str, float]:
    loss, among_top = 0.0, 0
    classes = model.weights.shape[1]
    outcomes = np.zeros((classes, classes), dtype=np.int64)
    for batch in rows:
        margin, labels = model.margin(batch.features), batch.labels.astype(int)
        loss += float(softmax_loss(margin, batch.labels).sum())
        own = margin[np.arange(len(margin)), labels]
        among_top += int(((margin > own[:, None]).sum(axis=1) < top_k).sum())
        np.add.at(outcomes, (labels, margin.argmax(axis=1)), 1)
    # A class that occurs neither in the labels nor in the predictions is not averaged.
    seen = (outcomes.sum(axis=0) + outcomes.sum(axis=1)) > 0
    precision, recall, f_beta = (float(of_class[seen].mean()) for of_class in _quality(outcomes))
    return {
        "objective_loss": float(loss / outcomes.sum()),
        "multiclass_accuracy": float(outcomes.trace() / outcomes.sum()),
        "multiclass_top_k_accuracy": float(among_top / outcomes.sum()),
        "macro_precision": precision,
        "macro_recall": recall,
        "macro_f_beta": f_beta,
    }


def _quality(outcomes: Counts) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of each class, 0 where undefined; `outcomes[label, prediction]` counts rows."""
    correct = outcomes.diagonal().astype(np.float64)
    # An undefined value has no correct predictions, so any divisor other than 0 makes it 0.
    precision = correct / np.maximum(outcomes.sum(axis=0), 1)
    recall = correct / np.maximum(outcomes.sum(axis=1), 1)
    f_beta = 2 * correct / np.maximum(outcomes.sum(axis=0) + outcomes.sum(axis=1), 1)
    return precision, recall, f_beta
