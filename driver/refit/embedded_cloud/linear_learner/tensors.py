"""A row of features as Amazon's algorithms exchange it: dense, or sparse by keys and shape.

https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MAX_FEATURES = 4_000
"""The fit needs matrices of its square, 128 MB each. Wider models are trained on AWS."""


@dataclass(frozen=True)
class Tensor:
    """Values, and for a sparse tensor the position of each; `shape` may be empty for a dense one."""

    values: Floats
    keys: tuple[int, ...] | None = None
    shape: tuple[int, ...] = ()

    def row(self, width: int | None = None) -> Floats:
        """The dense row, of `width` features if given. Raises ValueError with the reason if it is not such a row."""
        features = self._width()
        if width is not None and features != width:
            raise ValueError(f"has {features} features, the model expects {width}")
        if not np.isfinite(self.values).all():
            raise ValueError("has a value that is not finite")
        if self.keys is None:
            return self.values
        if features > MAX_FEATURES:
            raise ValueError(
                f"has {features} features; the embedded cloud reads at most {MAX_FEATURES} in a sparse row"
            )
        if len(self.keys) != len(self.values):
            raise ValueError(f"has {len(self.keys)} keys for {len(self.values)} values")
        if len(set(self.keys)) < len(self.keys):
            raise ValueError("has a key twice")
        if any(not 0 <= key < features for key in self.keys):
            raise ValueError(f"has a key outside its shape: the keys are the whole numbers from 0 to {features - 1}")
        row = np.zeros(features)
        row[list(self.keys)] = self.values
        return row

    def _width(self) -> int:
        if self.keys is not None and not self.shape:
            raise ValueError("is sparse and has no shape")
        width = math.prod(self.shape) if self.shape else len(self.values)
        if self.keys is None and width != len(self.values):
            raise ValueError(f"has {len(self.values)} values for the shape {list(self.shape)}")
        return width
