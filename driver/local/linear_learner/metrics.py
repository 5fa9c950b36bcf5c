"""The metrics that Linear Learner reports of a channel.

https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html; losses are in the label's own units.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from driver.local.linear_learner.model import LinearModel
from driver.local.linear_learner.rows import Batch, Floats


def measure(model: LinearModel, rows: Iterable[Batch]) -> dict[str, float]:
    """The metrics of `rows`, without the channel's prefix."""
    return _regression(model, rows) if model.predictor_type == "regressor" else _classification(model, rows)


def log_loss(margin: Floats, labels: Floats) -> Floats:
    """The logistic loss of each row, without overflow."""
    loss: Floats = np.logaddexp(0.0, margin) - labels * margin
    return loss


def _regression(model: LinearModel, rows: Iterable[Batch]) -> dict[str, float]:
    count, squared, absolute = 0, 0.0, 0.0
    for batch in rows:
        error = model.margin(batch.features) - batch.labels
        count += len(error)
        squared += float(error @ error)
        absolute += float(np.abs(error).sum())
    return {"objective_loss": squared / count, "mse": squared / count, "absolute_loss": absolute / count}


def _classification(model: LinearModel, rows: Iterable[Batch]) -> dict[str, float]:
    count, loss = 0, 0.0
    outcomes = np.zeros((2, 2), dtype=np.int64)
    for batch in rows:
        margin = model.margin(batch.features)
        count += len(margin)
        loss += float(log_loss(margin, batch.labels).sum())
        np.add.at(outcomes, (batch.labels.astype(int), (margin >= 0).astype(int)), 1)
    positives, found, correct = outcomes[1].sum(), outcomes[:, 1].sum(), outcomes[1, 1]
    precision = float(correct / found) if found else 0.0
    recall = float(correct / positives) if positives else 0.0
    return {
        "objective_loss": loss / count,
        "binary_classification_accuracy": float(outcomes.trace() / count),
        "precision": precision,
        "recall": recall,
        "binary_f_beta": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
    }
