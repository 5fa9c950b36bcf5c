"""SageMaker's built-in algorithms that a pipeline can name instead of an image: one module each. Pure.

Add a new one to BUILT_IN, to `driver/refit/pipeline/schema/algorithms/`, and to the embedded cloud's images.
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.domain.algorithms.image import Algorithm
from refit.domain.algorithms.linear_learner import LINEAR_LEARNER
from refit.domain.algorithms.xgboost import XGBOOST

BUILT_IN: Mapping[str, Algorithm] = {algorithm.name: algorithm for algorithm in (LINEAR_LEARNER, XGBOOST)}
"""By their values in training.algorithm; the first is the default."""

__all__ = ["BUILT_IN", "Algorithm"]
