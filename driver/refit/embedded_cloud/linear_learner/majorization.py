"""Minimises a convex loss by weighted least squares: each step minimises a quadratic bound of the loss.

Hunter & Lange, "A tutorial on MM algorithms" (2004). The loss never increases, apart from the corners of the loss,
which are rounded less with each step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from refit.embedded_cloud.linear_learner import newton
from refit.embedded_cloud.linear_learner.losses import Loss
from refit.embedded_cloud.linear_learner.tensors import Floats

STEPS = 100
"""Maximum number of passes over the data."""
FIRST_SMOOTHING, SHRINK, LAST_SMOOTHING = 1.0, 0.7, 1e-6
CONVERGED = 1e-7

Designs = Callable[[], Iterable[tuple[Floats, Floats]]]
"""Makes one pass over the data: the design matrix of a batch and its targets, both of about unit size."""


def minimum(designs: Designs, loss: Loss, ridge: Floats, count: int) -> Floats:
    """The weights that minimise the mean of loss(design · weights - target) + ridge · weights² / 2."""
    at: Floats = np.zeros(len(ridge))
    smoothing, before = FIRST_SMOOTHING, np.inf
    for _ in range(STEPS):
        value, matrix, vector = 0.0, np.zeros((len(at), len(at))), np.zeros(len(at))
        for design, target in designs():
            residual = design @ at - target
            value += float(loss.of(residual).sum())
            weight, best = loss.bound(residual, smoothing)
            matrix += (design * weight[:, None]).T @ design
            vector += design.T @ (weight * (target + best))
        value = value / count + float(ridge @ at**2) / 2
        if smoothing <= LAST_SMOOTHING and before - value < CONVERGED:
            break
        before = value
        at = newton.solve(matrix / count + np.diag(ridge), vector / count)
        smoothing = max(smoothing * SHRINK, LAST_SMOOTHING)
    return at
