"""Minimises a convex function by Newton's method; each step is one pass over the data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from refit.embedded_cloud.linear_learner.tensors import Floats

CONVERGED = 1e-10

Objective = Callable[[Floats], tuple[float, Floats, Floats]]
"""Returns the loss, its gradient and its Hessian at one point. Each call is one pass over the data."""


def minimum(objective: Objective, size: int, passes: int) -> Floats:
    """The minimum of a convex objective of `size` unknowns, starting from 0, in at most `passes` passes.

    A step that does not reduce the loss is halved.
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
        # No passes are left to evaluate another point; the last step goes downhill from the best one.
        best = best + step
    return best


def solve(matrix: Floats, vector: Floats) -> Floats:
    """The solution x of matrix · x = vector."""
    return np.asarray(np.linalg.solve(matrix, vector), dtype=np.float64)
