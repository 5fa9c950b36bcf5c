"""The statuses of a training job and the transitions between them.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html and API_SecondaryStatusTransition
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from refit.embedded_cloud.sagemaker.resources import TrainingJob

FIRST = "Starting"
REASON_LENGTH = 1024


@dataclass(frozen=True)
class Status:
    """`primary` is the TrainingJobStatus of a SecondaryStatus; `next` has the statuses that may follow it, if any."""

    primary: str
    message: str
    next: tuple[str, ...] = ()


ENDINGS = ("Stopping", "Failed", "MaxRuntimeExceeded")
STATUSES: Mapping[str, Status] = {
    "Starting": Status("InProgress", "Preparing the instances for training", ("Downloading", *ENDINGS)),
    "Downloading": Status("InProgress", "Downloading input data", ("Training", *ENDINGS)),
    "Training": Status(
        "InProgress", "Training image download completed. Training in progress.", ("Uploading", *ENDINGS)
    ),
    "Uploading": Status("InProgress", "Uploading generated training model", ("Completed", *ENDINGS)),
    "Stopping": Status("Stopping", "Stopping the training job", ("Stopped",)),
    "Completed": Status("Completed", "Training job completed"),
    "Failed": Status("Failed", "Training job failed"),
    "Stopped": Status("Stopped", "Training job stopped"),
    "MaxRuntimeExceeded": Status("Stopped", "Training job runtime exceeded MaxRuntimeInSeconds provided"),
}


def primary(job: TrainingJob) -> str:
    """The job's TrainingJobStatus."""
    return STATUSES[job.secondary].primary


def is_final(job: TrainingJob) -> bool:
    """Whether the job has ended."""
    return not STATUSES[job.secondary].next


def enter(job: TrainingJob, status: str, at: float, reason: str = "") -> bool:
    """Sets the secondary status and records the transition; returns False if the transition is not allowed.

    A job that is Stopping can only become Stopped. The store's lock must be held.
    """
    if job.secondary and status not in STATUSES[job.secondary].next:
        return False
    if job.transitions:
        job.transitions[-1]["EndTime"] = at
    job.failure_reason = reason[:REASON_LENGTH]
    message = job.failure_reason or STATUSES[status].message
    job.transitions.append({"Status": status, "StartTime": at, "StatusMessage": message})
    job.secondary, job.modified = status, at
    if status == "Downloading":
        job.started = at
    if is_final(job):
        job.transitions[-1]["EndTime"] = job.ended = at
    return True


def training_seconds(job: TrainingJob) -> int:
    """The billable seconds of a job that has ended, rounded up, from the start of its download to its end."""
    if job.started is None or job.ended is None:
        return 0
    return max(1, math.ceil(job.ended - job.started))
