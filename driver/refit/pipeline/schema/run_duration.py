"""How long a run can last, and what follows from it. terraform/variables.tf has the same arithmetic.

The longest run is the state machine's TimeoutSeconds (asl/state_machine.asl.json.j2): the training job, the deployment,
a person's approval, an hour for SageMaker to find instances, and twice the wait for an endpoint that somebody else
changes, which is as long as a deployment may take and at most two hours, and five attempts.
"""

from __future__ import annotations

from math import ceil

GRACE_MINUTES = 60
BUSY_SECONDS = 30
MAX_BUSY_ATTEMPTS = 240

MAX_POLLS = 2_500
"""Nine history events each, of the 25,000 after which AWS ends a run; the rest are for the waits and the retries.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
"""


def longest_run_seconds(max_runtime_minutes: int, timeout_minutes: int, approval_minutes: int = 0) -> int:
    """The longest run with these limits of the training job, the deployment and the approval, in seconds."""
    busy_attempts = min(timeout_minutes * 60 // BUSY_SECONDS, MAX_BUSY_ATTEMPTS) + 5
    minutes = max_runtime_minutes + timeout_minutes + approval_minutes + GRACE_MINUTES
    return 60 * minutes + 2 * BUSY_SECONDS * busy_attempts


def least_poll_interval_seconds(run_seconds: int) -> int:
    """The shortest interval at which a run that polls for so long keeps within its history."""
    return ceil(run_seconds / MAX_POLLS)


def least_run_days(run_seconds: int) -> int:
    """For how many days S3 must keep the lease and the manifests of such a run: until it has ended, and a day more."""
    return ceil(run_seconds / 86_400) + 1
