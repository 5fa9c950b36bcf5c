"""Implements CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs and StopTrainingJob."""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import (
    catalog,
    store,
    training_description,
    training_requests,
    training_statuses,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.job_runs import JobRuns
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.sagemaker.training_run import TrainingRun

RUNS = JobRuns(TrainingJob, training_statuses, TrainingRun)


def create(request: Json, scope: Scope) -> Json:
    """Accepts a job after AWS's checks: the request, the role, and that the data exists. Raises ApiError."""
    training_requests.check(request)
    job = catalog.new(TrainingJob, request, scope, request=request)
    _check_name(job)
    training_requests.check_data(job)
    with store.lock:
        _check_name(job)
        RUNS.start(job)
    return {"TrainingJobArn": job.arn}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeTrainingJob. Raises ApiError if the job does not exist."""
    with store.lock:
        return training_description.description(_get(scope, request["TrainingJobName"]))


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListTrainingJobs."""
    return catalog.list_(TrainingJob, request, scope, training_description.summary, status=training_statuses.primary)


def stop(request: Json, scope: Scope) -> Json:
    """Returns immediately; the job goes through Stopping to Stopped."""
    RUNS.stop(_get(scope, request["TrainingJobName"]))
    return {}


def _get(scope: Scope, name: str) -> TrainingJob:
    job = store.find(TrainingJob, scope, name)
    if job is None:
        raise invalid("Requested resource not found.")
    return job


def _check_name(job: TrainingJob) -> None:
    if store.find(TrainingJob, job.scope, job.name):
        raise ApiError(
            "ResourceInUse",
            "Training job names must be unique within an AWS account and region, and a training job with this name "
            f"already exists ({job.arn})",
        )
