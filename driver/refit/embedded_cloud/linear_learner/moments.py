"""Computes means and co-moments of a table in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from refit.embedded_cloud.linear_learner.tensors import Floats


@dataclass
class Moments:
    """Count, column means and the scatter matrix: the sum over rows of (row - mean)(row - mean)'.

    Batches are merged by Chan's update, which keeps its precision when means are large compared to deviations.
    """

    count: int
    mean: Floats
    scatter: Floats

    @classmethod
    def of(cls, rows: Floats) -> Moments:
        """The moments of one batch."""
        mean = np.ones(len(rows)) @ rows / len(rows)
        centred = rows - mean
        return cls(len(rows), mean, centred.T @ centred)

    def add(self, rows: Floats) -> None:
        """Adds a batch."""
        batch = Moments.of(rows)
        total = self.count + batch.count
        difference = batch.mean - self.mean
        self.scatter += batch.scatter + np.outer(difference, difference) * (self.count * batch.count / total)
        self.mean += difference * (batch.count / total)
        self.count = total

    @property
    def scale(self) -> Floats:
        """The standard deviation of each column; 1 for a column that is constant up to rounding errors."""
        deviation = np.sqrt(np.diag(self.scatter) / self.count)
        varies = deviation > 8 * np.finfo(np.float64).eps * np.abs(self.mean)
        return np.where(varies, deviation, 1.0)
