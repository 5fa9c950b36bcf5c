"""What a pipeline may say about each algorithm: one module each, with the interface in `interface`."""

from __future__ import annotations

from collections.abc import Mapping

from refit.domain.algorithms import BUILT_IN
from refit.pipeline.schema.algorithms import linear_learner, own_image, xgboost
from refit.pipeline.schema.algorithms.interface import AlgorithmRules

RULES: Mapping[str, AlgorithmRules] = {"linear-learner": linear_learner, "xgboost": xgboost}
"""By the value of training.algorithm."""
OWN_IMAGE: AlgorithmRules = own_image
DEFAULT = next(iter(BUILT_IN))
