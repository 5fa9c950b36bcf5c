"""Maps a training job's status to the state of a run. Pure. An unknown status is an error, never a guess.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from refit.domain import messages
from refit.domain.errors import UnknownStatus
from refit.domain.formatting import minutes
from refit.domain.outcomes import IN_PROGRESS, JOB_COMPLETED, JOB_FAILED
from refit.domain.run_document import Status

TRAINING_STATES = {
    "InProgress": IN_PROGRESS,
    "Stopping": IN_PROGRESS,
    "Completed": JOB_COMPLETED,
    "Failed": JOB_FAILED,
    # A stopped job may leave a model trained on part of the data; boto3's waiter counts it as a success.
    "Stopped": JOB_FAILED,
    "Deleting": JOB_FAILED,
}
"""The state of a run for each status of its training job."""
STOPPABLE = frozenset({"InProgress"})
"""The statuses in which StopTrainingJob has an effect."""

STOPPABLE_OR_STOPPED = frozenset({"InProgress", "Stopping", "Stopped"})
"""The statuses of a job that was stopped at its time limit, or that could not be stopped."""

NO_RESPONSE = re.compile("^(Lambda[.]|Runtime[.]|Sandbox[.]|States[.]Timeout$|Throttled$)")
"""The errors of a function that may have done its work, although it did not respond."""

METRICS_DELAY_SECONDS = 60
"""How long after its end a job may not report its metrics yet: they come from CloudWatch.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html (FinalMetricDataList)
"""

RESULT_FIELDS = ("model_data", "metrics", "billable_seconds")
"""The fields that only the status of a completed job has."""


def of_training(
    job: Mapping[str, Any], now: datetime, asked_at: datetime, timeout: timedelta, awaited: Collection[str] = ()
) -> Status:
    """The status at `now` of a training job that was requested at `asked_at`, from DescribeTrainingJob's response.

    For a completed job it includes the model, its metrics and the billable seconds. Metrics that are not finite are
    left out, because JSON, and so the state machine, cannot represent them. A job that has just completed is still in
    progress until it reports one of the `awaited` metrics. A job that has not ended after `timeout`
    has failed: SageMaker's own limit starts when the instances run, and it may look for instances for hours.
    Raises UnknownStatus.
    """
    status, secondary = job["TrainingJobStatus"], job.get("SecondaryStatus", "")
    if status not in TRAINING_STATES:
        raise UnknownStatus(messages.UNKNOWN_JOB_STATUS.format(name=job["TrainingJobName"], status=status))
    verdict: Status = {"state": TRAINING_STATES[status], "detail": f"{status}/{secondary}", "reason": ""}
    fields = {"status": status, "secondary": secondary or messages.NO_DETAIL}
    if metrics_are_late(job, now, awaited):
        return verdict | {"state": IN_PROGRESS}
    if verdict["state"] == JOB_COMPLETED:
        verdict["model_data"] = job["ModelArtifacts"]["S3ModelArtifacts"]
        verdict["metrics"] = {name: value for name, value in _metrics(job).items() if math.isfinite(value)}
        verdict["billable_seconds"] = job.get("BillableTimeInSeconds", 0)
    if verdict["state"] == JOB_FAILED:
        verdict["reason"] = job.get("FailureReason") or messages.JOB_ENDED.format(**fields)
    if verdict["state"] == IN_PROGRESS and now - asked_at > timeout:
        late = messages.JOB_STILL_RUNNING.format(**fields, limit=minutes(timeout))
        verdict |= {"state": JOB_FAILED, "reason": late}
    return verdict


def metrics_are_late(job: Mapping[str, Any], now: datetime, awaited: Collection[str]) -> bool:
    """Whether a job has just completed and reports none of the `awaited` metrics yet; False if none are awaited."""
    reported = _metrics(job).keys()
    end = job.get("TrainingEndTime")
    return (
        job["TrainingJobStatus"] == "Completed"
        and bool(awaited)
        and reported.isdisjoint(awaited)
        and end is not None
        and now - end < timedelta(seconds=METRICS_DELAY_SECONDS)
    )


def _metrics(job: Mapping[str, Any]) -> dict[str, float]:
    """The values that a job reports, by metric. SageMaker may leave out each member of a metric.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricData.html
    """
    reported = job.get("FinalMetricDataList", [])
    return {one["MetricName"]: one["Value"] for one in reported if "MetricName" in one and "Value" in one}


def may_still_run(run: Mapping[str, Any]) -> bool:
    """Whether a run that failed may have left its training job running (asl/expressions/write_record.jsonata too)."""
    failed = run.get("failed") or {}
    started = failed.get("StartTrainingJob", {}).get("Error", "")
    return ("GetStatus" in failed and "deployment" not in run) or NO_RESPONSE.search(started) is not None
