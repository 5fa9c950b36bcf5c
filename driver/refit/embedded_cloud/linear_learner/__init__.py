"""Linear Learner as the embedded cloud runs it: the same files, hyperparameters, metrics and answers, solved exactly.

AWS fits by stochastic gradient descent; here the optimum of the same objective is computed, so what only steers the
descent (learning_rate, momentum, optimizer …) has no effect.
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html
"""

from refit.embedded_cloud.linear_learner.model import load
from refit.embedded_cloud.linear_learner.training import train

__all__ = ["load", "train"]
