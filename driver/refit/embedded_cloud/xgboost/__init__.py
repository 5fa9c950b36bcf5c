"""Emulates AWS's XGBoost 1.7-1 with the library itself: the same files, hyperparameters, log, metrics and responses.

The library is a newer version than in AWS's image; what changed between the two is set to the older defaults
(hyperparameters.py). It is in the extra `xgboost` of the package, and imported only when a job or a model needs it.
https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html
"""

from refit.embedded_cloud.xgboost.library import require
from refit.embedded_cloud.xgboost.metric_definitions import METRIC_DEFINITIONS
from refit.embedded_cloud.xgboost.model import load
from refit.embedded_cloud.xgboost.training import train

__all__ = ["METRIC_DEFINITIONS", "load", "require", "train"]
