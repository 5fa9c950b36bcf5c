"""The losses of Linear Learner that have no closed form, and the quadratic functions that bound them from above.

https://docs.aws.amazon.com/sagemaker/latest/dg/ll_hyperparameters.html
A residual is the prediction minus the label, in the label's own units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from refit.embedded_cloud.linear_learner.tensors import Floats

Quadratic = tuple[Floats, Floats]
"""For each row the weight w and the target t of w/2 · (residual - t)², up to a constant."""


class Loss(Protocol):
    """A convex loss."""

    def of(self, residual: Floats) -> Floats:
        """The loss of each row."""
        ...

    def bound(self, residual: Floats, smoothing: float) -> Quadratic:
        """Quadratic functions that touch the loss at `residual` and are nowhere below it.

        Exact up to `smoothing`, the distance to a corner of the loss below which the corner is rounded.
        """
        ...

    def scaled(self, factor: float) -> Loss:
        """The same loss of residuals that were divided by `factor`; its own value may differ by a constant factor."""
        ...


@dataclass(frozen=True)
class PiecewiseLinear:
    """The sum of `height`/2 · |residual - corner| over the corners, plus `slope` · residual, minus `constant`.

    |x| is bounded by x²/2c + c/2 with c = |x|: Hunter & Lange, "Quantile regression via an MM algorithm" (2000).
    """

    corners: tuple[float, ...] = (0.0,)
    height: float = 2.0
    slope: float = 0.0
    constant: float = 0.0

    def of(self, residual: Floats) -> Floats:
        """The loss of each row."""
        absolute = sum((np.abs(residual - corner) for corner in self.corners), start=np.zeros(len(residual)))
        return self.height / 2 * absolute + self.slope * residual - self.constant

    def bound(self, residual: Floats, smoothing: float) -> Quadratic:
        """See Loss."""
        weight, pull = np.zeros(len(residual)), np.full(len(residual), -self.slope)
        for corner in self.corners:
            steepness = self.height / 2 / np.maximum(np.abs(residual - corner), smoothing)
            weight += steepness
            pull += steepness * corner
        return weight, pull / weight

    def scaled(self, factor: float) -> PiecewiseLinear:
        """See Loss."""
        return replace(self, corners=tuple(corner / factor for corner in self.corners), constant=self.constant / factor)


@dataclass(frozen=True)
class Huber:
    """Half the square up to `delta`, linear beyond it."""

    delta: float

    def of(self, residual: Floats) -> Floats:
        """The loss of each row."""
        size = np.abs(residual)
        return np.where(size <= self.delta, size**2 / 2, self.delta * (size - self.delta / 2))

    def bound(self, residual: Floats, smoothing: float) -> Quadratic:
        """See Loss."""
        return self.delta / np.maximum(np.abs(residual), self.delta), np.zeros(len(residual))

    def scaled(self, factor: float) -> Huber:
        """See Loss."""
        return Huber(self.delta / factor)


@dataclass(frozen=True)
class InsensitiveSquared:
    """The square of what an error exceeds `width` by."""

    width: float

    def of(self, residual: Floats) -> Floats:
        """The loss of each row."""
        excess: Floats = np.maximum(np.abs(residual) - self.width, 0.0) ** 2
        return excess

    def bound(self, residual: Floats, smoothing: float) -> Quadratic:
        """See Loss. The bound is the square of the distance to the nearest point without loss."""
        return np.full(len(residual), 2.0), np.clip(residual, -self.width, self.width)

    def scaled(self, factor: float) -> InsensitiveSquared:
        """See Loss."""
        return InsensitiveSquared(self.width / factor)


def of_regressor(name: str, values: Mapping[str, str]) -> Loss | None:
    """The loss with this name and its hyperparameters; None for the squared loss, which has a closed form."""
    insensitivity = float(values.get("loss_insensitivity", "0.01"))
    quantile = float(values.get("quantile", "0.5"))
    found: dict[str, Loss] = {
        "absolute_loss": PiecewiseLinear(),
        # quantile · (label - prediction) below the label, (1 - quantile) · (prediction - label) above it.
        "quantile_loss": PiecewiseLinear(height=1.0, slope=0.5 - quantile),
        "eps_insensitive_absolute_loss": PiecewiseLinear((-insensitivity, insensitivity), 1.0, constant=insensitivity),
        "eps_insensitive_squared_loss": InsensitiveSquared(insensitivity),
        "huber_loss": Huber(float(values.get("huber_delta", "1"))),
    }
    return found.get(name)


HINGE = PiecewiseLinear(height=1.0, slope=-0.5)
"""max(0, -residual), where the residual is ± the score, by the label, minus `margin`."""

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "quantile_loss": ("quantile",),
    "eps_insensitive_absolute_loss": ("loss_insensitivity",),
    "eps_insensitive_squared_loss": ("loss_insensitivity",),
    "huber_loss": ("huber_delta",),
    "hinge_loss": ("margin",),
}
"""The hyperparameters of each loss."""
