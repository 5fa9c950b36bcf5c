"""Metrics that are read from a job's log by regular expressions."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.script_mode.log_metrics import LogMetrics


def test_the_last_match_in_the_log_is_the_metric() -> None:
    metrics = LogMetrics(
        [{"Name": "validation:mse", "Regex": "mse=([-_\\w.]+)"}, {"Name": "rows", "Regex": "(\\d+) rows"}]
    )
    for line in ("epoch 1 mse=9.5", "epoch 2 mse=4.5 mse=3.5", "mse=nan", "mse=-", "mse=1_0", "mse=１", "nothing"):
        metrics.read(line)
    assert metrics.values == {"validation:mse": 3.5}


@pytest.mark.parametrize(("regex", "expected"), [("mse=(", "is invalid"), ("mse=.*", "has no group for the value")])
def test_a_metric_without_a_sound_expression_is_refused(regex: str, expected: str) -> None:
    with pytest.raises(CustomerError, match=expected):
        LogMetrics([{"Name": "mse", "Regex": regex}])
