"""Fits linear models: least squares in one pass, logistic and softmax regression in a few by Newton's method, and other
losses in more by majorization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.linear_learner import majorization, newton
from refit.embedded_cloud.linear_learner.losses import HINGE, Loss
from refit.embedded_cloud.linear_learner.metrics import log_loss, softmax_loss
from refit.embedded_cloud.linear_learner.model import LinearModel, sigmoid, softmax
from refit.embedded_cloud.linear_learner.moments import Moments
from refit.embedded_cloud.linear_learner.rows import Batch
from refit.embedded_cloud.linear_learner.tensors import MAX_FEATURES, Floats

RIDGE = 1e-8
"""A ridge for standardised features: keeps collinear ones solvable, and is too small to affect predictions."""
REFINEMENTS = 2
"""Each solves for what the ridge left over, and divides its error by about 1e8, unless features are collinear."""
LOGISTIC_RIDGE = 1e-6
"""Keeps the weights of separable classes finite."""
MOST_UNKNOWNS = 2_000
"""Maximum number of weights of a softmax regression: Newton's method needs a matrix of its square, 32 MB."""
MOST_NUMBERS = 1_000_000
"""Maximum size of the arrays (rows times weights) in one step of a softmax regression: 8 MB."""

Rows = Callable[[], Iterable[Batch]]


def moments_of(rows: Rows, *, with_label: bool) -> Moments:
    """The number of rows and their moments, in one pass: of label and features, or only of the features.

    Raises CustomerError if there are no rows, too many features, or values too large to be squared.
    """
    moments: Moments | None = None
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in rows():
            if (width := batch.features.shape[1]) > MAX_FEATURES:
                raise CustomerError(f"{width} features; the embedded cloud fits at most {MAX_FEATURES}, AWS more")
            table = batch.table if with_label else batch.features
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
    """The model that minimises mean squared error + wd · |weights|², over standardised features.

    `moments` are those of label and features.
    """
    scale = moments.scale
    features = scale[1:]
    covariance = moments.scatter / moments.count
    gram = covariance[1:, 1:] / np.outer(features, features)
    target = covariance[1:, 0] / features
    gram[np.diag_indices_from(gram)] += wd
    ridged = gram + RIDGE * np.eye(len(features))
    weights = newton.solve(ridged, target)
    for _ in range(REFINEMENTS):
        weights += newton.solve(ridged, target - gram @ weights)
    return LinearModel("regressor", moments.mean[1:], features, weights, moments.mean[0])


def robust(rows: Rows, moments: Moments, wd: float, loss: Loss) -> LinearModel:
    """The model of a regressor that minimises mean loss + wd · |weights|² / 2, over standardised features and labels.

    `moments` are those of label and features.
    """
    of_features = Moments(moments.count, moments.mean[1:], moments.scatter[1:, 1:])
    mean, scale = moments.mean[0], moments.scale[0]

    def designs() -> Iterator[tuple[Floats, Floats]]:
        return ((design, (labels - mean) / scale) for design, labels in _designs(rows, of_features))

    ridge = np.array([RIDGE, *[RIDGE + wd] * len(of_features.mean)])
    optimum = majorization.minimum(designs, loss.scaled(scale), ridge, moments.count) * scale
    return LinearModel("regressor", of_features.mean, of_features.scale, optimum[1:], mean + optimum[0])


def hinge(rows: Rows, moments: Moments, wd: float, margin: float) -> LinearModel:
    """The model that minimises the mean of max(0, margin - score) for label 1, max(0, margin + score) for label 0.

    Plus wd · |weights|² / 2; `moments` are those of the features.
    """

    def designs() -> Iterator[tuple[Floats, Floats]]:
        for design, labels in _designs(rows, moments):
            yield design * np.where(labels > 0, 1.0, -1.0)[:, None], np.full(len(labels), margin)

    optimum = majorization.minimum(designs, HINGE, _ridge(moments, wd), moments.count)
    return LinearModel("binary_classifier", moments.mean, moments.scale, optimum[1:], optimum[0], link="identity")


def logistic(rows: Rows, moments: Moments, wd: float, passes: int) -> LinearModel:
    """The model that minimises mean logistic loss + wd · |weights|² / 2, in at most `passes` passes over the data.

    The labels must be 0 or 1; `moments` are those of the features.
    """
    ridge = _ridge(moments, wd)

    def objective(at: Floats) -> tuple[float, Floats, Floats]:
        loss, gradient, hessian = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
        for design, labels in _designs(rows, moments):
            margin = design @ at
            probability = sigmoid(margin)
            loss += float(log_loss(margin, labels).sum())
            gradient += design.T @ (probability - labels)
            hessian += (design * (probability * (1 - probability))[:, None]).T @ design
        return _penalised(loss, gradient, hessian, at, ridge, moments.count)

    optimum = newton.minimum(objective, len(ridge), passes)
    return LinearModel("binary_classifier", moments.mean, moments.scale, optimum[1:], optimum[0])


def multinomial(rows: Rows, moments: Moments, wd: float, passes: int, classes: int) -> LinearModel:
    """The model that minimises mean softmax loss + wd · |weights|² / 2, in at most `passes` passes over the data.

    The labels must be whole numbers from 0 to `classes` - 1; `moments` are those of the features.
    Raises CustomerError if there are more than MOST_UNKNOWNS weights.
    """
    width = len(moments.mean) + 1
    if classes * width > MOST_UNKNOWNS:
        raise CustomerError(
            f"num_classes ({classes}) times the features and the bias ({width}) is {classes * width}; the embedded "
            f"cloud fits at most {MOST_UNKNOWNS} weights of a multiclass_classifier. Train larger models on AWS"
        )
    ridge = np.tile(_ridge(moments, wd), classes)

    def objective(at: Floats) -> tuple[float, Floats, Floats]:
        loss, gradient, hessian = 0.0, np.zeros((classes, width)), np.zeros((len(at), len(at)))
        for design, labels in _designs(rows, moments, most=MOST_NUMBERS // len(at)):
            margin = design @ at.reshape(classes, width).T
            probability = softmax(margin)
            loss += float(softmax_loss(margin, labels).sum())
            residual = probability.copy()
            residual[np.arange(len(residual)), labels.astype(int)] -= 1
            gradient += residual.T @ design
            spread = (probability[:, :, None] * design[:, None, :]).reshape(len(design), -1)
            hessian -= spread.T @ spread
            for label in range(classes):
                own = slice(label * width, (label + 1) * width)
                hessian[own, own] += spread[:, own].T @ design
        return _penalised(loss, gradient.ravel(), hessian, at, ridge, moments.count)

    optimum = newton.minimum(objective, len(ridge), passes).reshape(classes, width)
    return LinearModel("multiclass_classifier", moments.mean, moments.scale, optimum[:, 1:].T, optimum[:, 0])


def _ridge(moments: Moments, wd: float) -> Floats:
    """The penalty of each weight of one class; the bias comes first."""
    return np.array([LOGISTIC_RIDGE, *[LOGISTIC_RIDGE + wd] * len(moments.mean)])


def _designs(rows: Rows, moments: Moments, most: int | None = None) -> Iterator[tuple[Floats, Floats]]:
    """A column of ones with the standardised features, and the labels, at most `most` rows at a time."""
    scale = moments.scale
    for batch in rows():
        count = len(batch.table)
        for start in range(0, count, most or count):
            part = slice(start, start + (most or count))
            design = np.empty_like(batch.table[part])
            design[:, 0] = 1
            np.subtract(batch.features[part], moments.mean, out=design[:, 1:])
            design[:, 1:] /= scale
            yield design, batch.labels[part]


def _penalised(
    loss: float, gradient: Floats, hessian: Floats, at: Floats, ridge: Floats, count: int
) -> tuple[float, Floats, Floats]:
    """Converts sums over all rows to the objective, its gradient and its Hessian at one point."""
    return loss / count + float(ridge @ at**2) / 2, gradient / count + ridge * at, hessian / count + np.diag(ridge)
