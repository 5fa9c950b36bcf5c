"""AWS's metric definitions read the lines that the algorithm logs."""

from __future__ import annotations

from refit.embedded_cloud.script_mode.log_metrics import LogMetrics
from refit.embedded_cloud.xgboost import METRIC_DEFINITIONS


def test_a_line_gives_the_metrics_of_both_channels() -> None:
    metrics = LogMetrics(METRIC_DEFINITIONS)
    metrics.read("[0]#011train-rmse:8.10331#011validation-rmse:8.21063")
    metrics.read("[12]#011train-rmse:1.25702#011train-mae:1e-05#011validation-rmse:2.43126")
    assert metrics.values == {"train:rmse": 1.25702, "train:mae": 1e-05, "validation:rmse": 2.43126}


def test_metrics_with_a_threshold_and_other_lines_are_not_read() -> None:
    metrics = LogMetrics(METRIC_DEFINITIONS)
    metrics.read("[0]#011train-error@0.7:0.1")
    metrics.read("validation-rmse:3")
    assert metrics.values == {}


def test_there_is_one_for_each_metric_and_channel() -> None:
    names = [definition["Name"] for definition in METRIC_DEFINITIONS]
    assert len(names) == len(set(names)) == 66
    assert {"validation:auc", "train:merror", "validation:f1"} <= set(names)
