"""A training job's status → what a run makes of it. Pure, total: an unknown status is an error, never a guess.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from refit.domain.errors import UnknownStatus
from refit.domain.formatting import counted
from refit.domain.outcomes import IN_PROGRESS, JOB_COMPLETED, JOB_FAILED
from refit.domain.run_document import Status

TRAINING = {
    "InProgress": IN_PROGRESS,
    "Stopping": IN_PROGRESS,
    "Completed": JOB_COMPLETED,
    "Failed": JOB_FAILED,
    # A stopped job may leave a model that saw part of the data; the stock waiter takes it for a success.
    "Stopped": JOB_FAILED,
    "Deleting": JOB_FAILED,
}


OF_TRAINING = ("model_data", "metrics", "billable_seconds")
"""What a completed job adds to its verdict."""


def of_training(job: Mapping[str, Any], age: timedelta, timeout: timedelta) -> Status:
    """DescribeTrainingJob's answer → the verdict on a job that was first asked for `age` ago.

    With the model, its metrics and its cost once it is complete. Metrics that are not finite are left out: JSON, and so
    the state machine, has no word for them. A job that has not ended after `timeout` has failed: SageMaker counts its
    own limit from when the instances run, and may look for instances for hours.
    """
    status, secondary = job["TrainingJobStatus"], job.get("SecondaryStatus", "")
    if status not in TRAINING:
        raise UnknownStatus(f"the training job {job['TrainingJobName']} is {status}")
    verdict: Status = {"state": TRAINING[status], "detail": f"{status}/{secondary}", "reason": ""}
    if verdict["state"] == JOB_COMPLETED:
        metrics = {metric["MetricName"]: metric["Value"] for metric in job.get("FinalMetricDataList", [])}
        verdict["model_data"] = job["ModelArtifacts"]["S3ModelArtifacts"]
        verdict["metrics"] = {name: value for name, value in metrics.items() if math.isfinite(value)}
        verdict["billable_seconds"] = job.get("BillableTimeInSeconds", 0)
    if verdict["state"] == JOB_FAILED:
        verdict["reason"] = job.get("FailureReason") or f"the training job ended {status} ({secondary or 'no detail'})"
    if verdict["state"] == IN_PROGRESS and age > timeout:
        verdict |= {
            "state": JOB_FAILED,
            "reason": f"the training job is still {status} ({secondary or 'no detail'}) after {_minutes(timeout)}",
        }
    return verdict


def _minutes(timeout: timedelta) -> str:
    return counted(int(timeout.total_seconds() // 60), "minute")
