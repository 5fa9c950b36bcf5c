"""Settings of the embedded cloud, read from its process's environment: durations, saving, and its address."""

from __future__ import annotations

import os

SECONDS_PER_STATUS = "REFIT_LOCAL_SECONDS_PER_STATUS"
SECONDS_SCALE = "REFIT_LOCAL_SECONDS_SCALE"
STOPPED_JOBS = "REFIT_LOCAL_STOPPED_JOBS"
AUTH = "REFIT_LOCAL_AUTH"
SAVE_SECONDS = "REFIT_LOCAL_SAVE_SECONDS"
KEEP_DAYS = "REFIT_LOCAL_KEEP_DAYS"
KEEP_RUNS = "REFIT_LOCAL_KEEP_RUNS"
DEFAULTS = {
    SECONDS_PER_STATUS: "0.5",
    SECONDS_SCALE: "0.01",
    STOPPED_JOBS: "fail",
    AUTH: "true",
    SAVE_SECONDS: "15",
    # https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions
    KEEP_DAYS: "90",
    KEEP_RUNS: "1000",
}


def seconds_per_status() -> float:
    """The minimum duration of a status, in seconds: REFIT_LOCAL_SECONDS_PER_STATUS."""
    return float(_value(SECONDS_PER_STATUS))


def seconds_scale() -> float:
    """The factor for a deployment's waits, and for one-time schedules that are deleted after they fire.

    REFIT_LOCAL_SECONDS_SCALE.
    """
    return float(_value(SECONDS_SCALE))


def save_seconds() -> float:
    """The interval between saves of the state, in seconds: REFIT_LOCAL_SAVE_SECONDS."""
    return float(_value(SAVE_SECONDS))


def keep_days() -> float:
    """For how many days an execution that has ended, a job and log events are kept: REFIT_LOCAL_KEEP_DAYS."""
    return float(_value(KEEP_DAYS))


def keep_runs() -> int:
    """How many ended executions of a state machine, and how many ended jobs, are kept: REFIT_LOCAL_KEEP_RUNS."""
    return int(_value(KEEP_RUNS))


def failing_job_statuses() -> tuple[str, ...]:
    """The job statuses that fail a createTrainingJob.sync or createProcessingJob.sync task.

    Failed, and also Stopped unless REFIT_LOCAL_STOPPED_JOBS is "succeed": AWS does not document how the task ends if
    the job is stopped.
    """
    return ("Failed",) if _value(STOPPED_JOBS) == "succeed" else ("Failed", "Stopped")


def endpoint_url() -> str:
    """This cloud's own address, through which training and serving reach the emulated S3."""
    return f"http://127.0.0.1:{os.environ.get('GATEWAY_PORT', '4566')}"


def _value(name: str) -> str:
    return os.environ.get(name) or DEFAULTS[name]
