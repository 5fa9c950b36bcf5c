"""The statuses of a processing job and the transitions between them.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.embedded_cloud.sagemaker.resources import ProcessingJob

FIRST = "InProgress"
REASON_LENGTH = 1024

NEXT: Mapping[str, tuple[str, ...]] = {
    # A job whose time is up is stopped: https://docs.aws.amazon.com/sagemaker/latest/APIReference/
    # API_ProcessingStoppingCondition.html. It has no secondary status that says so.
    "InProgress": ("Completed", "Failed", "Stopping", "Stopped"),
    "Stopping": ("Stopped",),
    "Completed": (),
    "Failed": (),
    "Stopped": (),
}
"""The statuses that may follow each one."""


def primary(job: ProcessingJob) -> str:
    """The job's ProcessingJobStatus."""
    return job.status


def is_final(job: ProcessingJob) -> bool:
    """Whether the job has ended."""
    return not NEXT[job.status]


def enter(job: ProcessingJob, status: str, at: float, reason: str = "") -> bool:
    """Sets the status; returns False if the transition is not allowed. The store's lock must be held.

    A job that is Stopping can only become Stopped.
    """
    if job.status and status not in NEXT[job.status]:
        return False
    job.status, job.modified = status, at
    job.failure_reason = reason[:REASON_LENGTH]
    if is_final(job):
        job.ended = at
    return True
