"""The two fits: least squares from one pass, logistic regression by Newton's method in a few."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from driver.local.instance.contract import CustomerError
from driver.local.linear_learner.metrics import log_loss
from driver.local.linear_learner.model import LinearModel, sigmoid
from driver.local.linear_learner.moments import Moments
from driver.local.linear_learner.rows import Batch, Floats

RIDGE = 1e-8
"""Keeps collinear features solvable; far too small to move a prediction. In units of standardised features."""
LOGISTIC_RIDGE = 1e-6
"""Keeps the weights of separable classes finite."""
CONVERGED = 1e-10

Rows = Callable[[], Iterable[Batch]]


def moments_of(rows: Rows, *, with_label: bool) -> Moments:
    """How many rows there are, and their moments, in one pass: of label and features, or of the features alone.

    Raises CustomerError when there are no rows, or values that are too large to be squared.
    """
    moments: Moments | None = None
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in rows():
            table = np.column_stack([batch.labels, batch.features]) if with_label else batch.features
            if moments is None:
                moments = Moments.of(table)
            else:
                moments.add(table)
    if moments is None:
        raise CustomerError("the train channel has no rows")
    if not np.isfinite(moments.scatter).all():
        raise CustomerError("the values are too large: their squares overflow; scale the data")
    return moments


def least_squares(moments: Moments, wd: float) -> LinearModel:
    """The weights that minimise mean squared error + wd · |weights|², over standardised features.

    The moments are those of label and features.
    """
    scale = moments.scale
    features = scale[1:]
    covariance = moments.scatter / moments.count
    gram = covariance[1:, 1:] / np.outer(features, features)
    weights = _solve(gram + (RIDGE + wd) * np.eye(len(features)), covariance[1:, 0] / features)
    return LinearModel("regressor", moments.mean[1:], features, weights, float(moments.mean[0]))


def logistic(rows: Rows, moments: Moments, wd: float, passes: int) -> LinearModel:
    """The weights that minimise mean logistic loss + wd · |weights|² / 2, in at most `passes` passes over the data.

    Newton's method; a step that does not improve the loss is halved. The labels must be 0 or 1; the moments are
    those of the features alone.
    """
    ridge = np.full(len(moments.mean) + 1, LOGISTIC_RIDGE + wd)
    ridge[0] = LOGISTIC_RIDGE
    best: Floats = np.zeros(len(ridge))
    step: Floats = np.zeros(len(ridge))
    loss = np.inf
    for _ in range(passes):
        candidate = best + step
        value, gradient, hessian = _logistic_pass(rows, moments, candidate, ridge)
        if value > loss:
            step = step / 2
            continue
        improvement = loss - value
        best, loss = candidate, value
        step = -_solve(hessian, gradient)
        if improvement < CONVERGED or np.abs(step).max() < CONVERGED:
            break
    else:
        # Out of passes: the next step goes downhill from the best point that a pass has confirmed.
        best = best + step
    return LinearModel("binary_classifier", moments.mean, moments.scale, best[1:], float(best[0]))


def _logistic_pass(rows: Rows, moments: Moments, at: Floats, ridge: Floats) -> tuple[float, Floats, Floats]:
    """Loss, gradient and Hessian of the objective at one point."""
    loss, gradient, hessian = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
    for batch in rows():
        design = np.column_stack([np.ones(len(batch.labels)), (batch.features - moments.mean) / moments.scale])
        margin = design @ at
        probability = sigmoid(margin)
        loss += float(log_loss(margin, batch.labels).sum())
        gradient += design.T @ (probability - batch.labels)
        hessian += (design * (probability * (1 - probability))[:, None]).T @ design
    count = moments.count
    return loss / count + float(ridge @ at**2) / 2, gradient / count + ridge * at, hessian / count + np.diag(ridge)


def _solve(matrix: Floats, vector: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrix, vector), dtype=np.float64)
