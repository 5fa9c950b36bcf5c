"""How long things take on the embedded cloud, and where it listens. Read from the environment of its process."""

from __future__ import annotations

import os

SECONDS_PER_STATUS = "REFIT_LOCAL_SECONDS_PER_STATUS"
DEFAULT_SECONDS_PER_STATUS = 0.5
SECONDS_SCALE = "REFIT_LOCAL_SECONDS_SCALE"
DEFAULT_SECONDS_SCALE = 0.01
STOPPED_JOBS = "REFIT_LOCAL_STOPPED_JOBS"


def seconds_per_status() -> float:
    """The least time that a status lasts (0.5 s unless REFIT_LOCAL_SECONDS_PER_STATUS says otherwise)."""
    return float(os.environ.get(SECONDS_PER_STATUS) or DEFAULT_SECONDS_PER_STATUS)


def seconds_scale() -> float:
    """How long a second lasts of a deployment's waits, and of the wait for a schedule that is deleted when it has fired
    (0.01 s unless REFIT_LOCAL_SECONDS_SCALE says otherwise).
    """
    return float(os.environ.get(SECONDS_SCALE) or DEFAULT_SECONDS_SCALE)


def failing_job_statuses() -> tuple[str, ...]:
    """The statuses that fail a task which waits for a training job: Failed, and Stopped unless
    REFIT_LOCAL_STOPPED_JOBS is "succeed". AWS does not document what it makes of a stopped job.
    """
    return ("Failed",) if os.environ.get(STOPPED_JOBS) == "succeed" else ("Failed", "Stopped")


def endpoint_url() -> str:
    """This cloud's own address: training and serving reach the emulated S3 through it."""
    return f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '4566')}"
