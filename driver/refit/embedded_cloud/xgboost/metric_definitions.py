"""The MetricDefinitions that AWS shows for a training job of XGBoost.

They are those of job descriptions that users have published; the log has #011 where the container prints a tab.
https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost-tuning.html
"""

from __future__ import annotations

from refit.domain.algorithms.xgboost import CHANNELS, METRICS

NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"

METRIC_DEFINITIONS: tuple[dict[str, str], ...] = tuple(
    {"Name": f"{channel}:{metric}", "Regex": rf".*\[[0-9]+\].*#011{channel}-{metric}:{NUMBER}.*"}
    for channel in CHANNELS
    for metric in METRICS
)
