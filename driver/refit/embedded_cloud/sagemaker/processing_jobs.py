"""Implements CreateProcessingJob, DescribeProcessingJob, ListProcessingJobs and StopProcessingJob."""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import (
    catalog,
    processing_description,
    processing_requests,
    processing_statuses,
    store,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.job_runs import JobRuns
from refit.embedded_cloud.sagemaker.processing_run import ProcessingRun
from refit.embedded_cloud.sagemaker.resources import Json, ProcessingJob
from refit.embedded_cloud.sagemaker.scope import Scope

RUNS = JobRuns(ProcessingJob, processing_statuses, ProcessingRun)


def create(request: Json, scope: Scope) -> Json:
    """Accepts a job after AWS's checks: the request, its name and the role. Raises ApiError."""
    processing_requests.check(request)
    job = catalog.new(ProcessingJob, request, scope, request=request)
    _check_name(job)
    processing_requests.check_role(job)
    with store.lock:
        _check_name(job)
        RUNS.start(job)
    return {"ProcessingJobArn": job.arn}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeProcessingJob. Raises ApiError if the job does not exist."""
    with store.lock:
        return processing_description.description(_get(scope, request["ProcessingJobName"]))


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListProcessingJobs: the oldest come first, as its page of the API reference says."""
    ordered = {"SortOrder": "Ascending", **request}
    return catalog.list_(
        ProcessingJob, ordered, scope, processing_description.summary, status=processing_statuses.primary
    )


def stop(request: Json, scope: Scope) -> Json:
    """Returns immediately; the job goes through Stopping to Stopped."""
    RUNS.stop(_get(scope, request["ProcessingJobName"]))
    return {}


def _get(scope: Scope, name: str) -> ProcessingJob:
    job = store.find(ProcessingJob, scope, name)
    if job is None:
        raise invalid(f"Could not find requested job with name: {name}")
    return job


def _check_name(job: ProcessingJob) -> None:
    if store.find(ProcessingJob, job.scope, job.name):
        raise ApiError(
            "ResourceInUse",
            "Job name must be unique within an AWS account and region, and a job with this name already exists "
            f"({job.arn})",
        )
