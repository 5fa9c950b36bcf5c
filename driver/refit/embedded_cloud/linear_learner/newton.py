"""Newton's method over a table that is read once a step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from refit.embedded_cloud.linear_learner.rows import Floats

CONVERGED = 1e-10

Objective = Callable[[Floats], tuple[float, Floats, Floats]]
"""At one point: the loss, its gradient and its Hessian. Each call is a pass over the data."""


def minimum(objective: Objective, size: int, passes: int) -> Floats:
    """Where a convex objective of `size` unknowns is least, from 0, in at most `passes` passes.

    A step that does not improve the loss is halved.
    """
    best: Floats = np.zeros(size)
    step: Floats = np.zeros(size)
    loss = np.inf
    for _ in range(passes):
        candidate = best + step
        value, gradient, hessian = objective(candidate)
        if value > loss:
            step = step / 2
            continue
        improvement = loss - value
        best, loss = candidate, value
        step = -solve(hessian, gradient)
        if improvement < CONVERGED or np.abs(step).max() < CONVERGED:
            break
    else:
        # Out of passes: the next step goes downhill from the best point that a pass has confirmed.
        best = best + step
    return best


def solve(matrix: Floats, vector: Floats) -> Floats:
    return np.asarray(np.linalg.solve(matrix, vector), dtype=np.float64)
