"""Settings of the embedded cloud, read from its process's environment: durations, .sync behaviour, and its address."""

from __future__ import annotations

import os

SECONDS_PER_STATUS = "REFIT_LOCAL_SECONDS_PER_STATUS"
DEFAULT_SECONDS_PER_STATUS = 0.5
SECONDS_SCALE = "REFIT_LOCAL_SECONDS_SCALE"
DEFAULT_SECONDS_SCALE = 0.01
STOPPED_JOBS = "REFIT_LOCAL_STOPPED_JOBS"


def seconds_per_status() -> float:
    """The minimum duration of a status, in seconds: REFIT_LOCAL_SECONDS_PER_STATUS, by default 0.5."""
    return float(os.environ.get(SECONDS_PER_STATUS) or DEFAULT_SECONDS_PER_STATUS)


def seconds_scale() -> float:
    """The factor for a deployment's waits, and for one-time schedules that are deleted after they fire.

    REFIT_LOCAL_SECONDS_SCALE, by default 0.01.
    """
    return float(os.environ.get(SECONDS_SCALE) or DEFAULT_SECONDS_SCALE)


def failing_job_statuses() -> tuple[str, ...]:
    """The job statuses that fail a createTrainingJob.sync task.

    Failed, and also Stopped unless REFIT_LOCAL_STOPPED_JOBS is "succeed": AWS does not document how the task ends if
    the job is stopped.
    """
    return ("Failed",) if os.environ.get(STOPPED_JOBS) == "succeed" else ("Failed", "Stopped")


def endpoint_url() -> str:
    """This cloud's own address, through which training and serving reach the emulated S3."""
    return f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '4566')}"
