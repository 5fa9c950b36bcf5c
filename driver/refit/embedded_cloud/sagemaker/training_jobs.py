"""Implements CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs and StopTrainingJob."""

from __future__ import annotations

from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker import (
    catalog,
    store,
    training_description,
    training_requests,
    training_statuses,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob, now
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.sagemaker.training_run import TrainingRun

_runs: dict[str, TrainingRun] = {}


def create(request: Json, scope: Scope) -> Json:
    """Accepts a job after AWS's checks: the request, the role, and that the data exists. Raises ApiError."""
    training_requests.check(request)
    job = catalog.new(TrainingJob, request, scope, request=request)
    _check_name(job)
    training_requests.check_data(job)
    with store.lock:
        _check_name(job)
        training_statuses.enter(job, "Starting", job.created)
        store.add(job)
        fault = next((mode for mode in faults.MODES["training"] if faults.take(f"training.{mode}")), None)
        _runs[job.arn] = run = TrainingRun(job, fault)
    run.start()
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
    with store.lock:
        job = _get(scope, request["TrainingJobName"])
        if not training_statuses.enter(job, "Stopping", now()):
            raise invalid(
                f"The request was rejected because the training job is in status {training_statuses.primary(job)}."
            )
    _runs[job.arn].end()
    return {}


def resume() -> None:
    """Ends the jobs that were running before a restart, because their processes no longer exist."""
    at = now()
    for job in store.of_kind(TrainingJob):
        if training_statuses.primary(job) == "Stopping":
            training_statuses.enter(job, "Stopped", at)
        elif not training_statuses.is_final(job):
            training_statuses.enter(
                job, "Failed", at, "InternalServerError: the embedded cloud stopped while this job was running"
            )


def end_all() -> None:
    """Stops the processes of all jobs."""
    for run in _runs.values():
        run.end()
    _runs.clear()


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
