"""Computes the longest duration of a run, and the limits that follow from it.

The longest run is the state machine's TimeoutSeconds (asl/budgets.j2): the training job, the deployment,
a manual approval, an hour for SageMaker to find instances, and two waits for an endpoint that is being updated by
someone else. Such a wait lasts as long as a deployment may take, at most two hours, plus five attempts.
"""

from __future__ import annotations

from math import ceil

GRACE_MINUTES = 60
BUSY_SECONDS = 30
MAX_BUSY_ATTEMPTS = 240

MAX_POLLS = 2_500
"""A poll takes nine of the 25,000 history events after which AWS ends a run; the rest is for waits and retries.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""


def longest_run_seconds(max_runtime_minutes: int, timeout_minutes: int, approval_minutes: int = 0) -> int:
    """The longest run in seconds, given the limits of the training job, the deployment and the approval in minutes."""
    busy_attempts = min(timeout_minutes * 60 // BUSY_SECONDS, MAX_BUSY_ATTEMPTS) + 5
    minutes = max_runtime_minutes + timeout_minutes + approval_minutes + GRACE_MINUTES
    return 60 * minutes + 2 * BUSY_SECONDS * busy_attempts


def least_poll_interval_seconds(run_seconds: int) -> int:
    """The shortest interval in seconds at which polling for `run_seconds` stays within the history limit."""
    return ceil(run_seconds / MAX_POLLS)


def least_run_days(run_seconds: int) -> int:
    """The number of days that S3 must keep the lease and the manifests of such a run: until its end, plus one day."""
    return ceil(run_seconds / 86_400) + 1
