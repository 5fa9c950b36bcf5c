"""Emulates Linear Learner: the same files, hyperparameters, metrics and responses, with an exact solution.

AWS uses stochastic gradient descent. Here the optimum of the same objective is computed, so hyperparameters that only
control the descent (learning_rate, momentum, optimizer …) have no effect.
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html
"""

from refit.embedded_cloud.linear_learner.metric_definitions import METRIC_DEFINITIONS
from refit.embedded_cloud.linear_learner.model import load
from refit.embedded_cloud.linear_learner.training import train

__all__ = ["METRIC_DEFINITIONS", "load", "require", "train"]


def require() -> None:
    """Nothing to check: it needs only what the embedded cloud itself does."""
