"""The first minute after a training job's end, in which it may not report its metrics yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from refit.domain import training_status

END = datetime(2026, 11, 22, 6, 10, tzinfo=UTC)
JOB: dict[str, Any] = {
    "TrainingJobName": "prices",
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
    "TrainingEndTime": END,
}


def state(job: dict[str, Any], seconds: int, *awaited: str) -> str:
    """The state `seconds` after the job's end, an hour after its time limit."""
    now = END + timedelta(seconds=seconds)
    return training_status.of_training(job, now, END - timedelta(hours=2), timedelta(hours=1), awaited)["state"]


@pytest.mark.parametrize(("seconds", "expected"), [(0, "InProgress"), (59, "InProgress"), (60, "JobCompleted")])
def test_a_job_without_the_awaited_metrics_has_not_completed_for_a_minute(seconds: int, expected: str) -> None:
    assert state(JOB, seconds, "validation:mse", "train:mse") == expected


def test_one_awaited_metric_is_enough() -> None:
    reported = [{"MetricName": "train:mse", "Value": 1}, {"MetricName": "other", "Value": 1}]
    assert state(JOB | {"FinalMetricDataList": reported}, 0, "validation:mse", "train:mse") == "JobCompleted"
    assert state(JOB | {"FinalMetricDataList": reported}, 0, "validation:mse") == "InProgress"


def test_a_run_that_awaits_no_metrics_does_not_wait() -> None:
    assert state(JOB, 0) == "JobCompleted"
