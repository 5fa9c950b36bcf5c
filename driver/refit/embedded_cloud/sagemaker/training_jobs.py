"""Implements CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs and StopTrainingJob."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from refit.embedded_cloud import faults
from refit.embedded_cloud.instance import channels, images
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.sagemaker import execution_role, final_metrics, pagination, store, tags, training_statuses
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob, now
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.sagemaker.training_run import TrainingRun

_runs: dict[str, TrainingRun] = {}


def create(request: Json, scope: Scope) -> Json:
    """Accepts a job after the checks that AWS makes: the role, and that the data exists. Raises ApiError."""
    resources = request.get("ResourceConfig", {})
    try:
        images.trainer({"AlgorithmSpecification": {}, **request})
    except CustomerError as error:
        raise invalid(str(error)) from error
    if not all(resources.get(member) for member in ("InstanceType", "InstanceCount", "VolumeSizeInGB")):
        raise invalid("ResourceConfig must have InstanceType, InstanceCount and VolumeSizeInGB")
    job = TrainingJob(
        account=scope.account,
        region=scope.region,
        name=request["TrainingJobName"],
        created=(at := now()),
        modified=at,
        tags=tags.merged([], request.get("Tags", ())),
        request=request,
    )
    _check_name(job)
    _check_data(job)
    with store.lock:
        _check_name(job)
        training_statuses.enter(job, "Starting", at)
        store.add(job)
        fault = next((mode for mode in faults.MODES["training"] if faults.take(f"training.{mode}")), None)
        _runs[job.arn] = run = TrainingRun(job, fault)
    run.start()
    return {"TrainingJobArn": job.arn}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeTrainingJob. Raises ApiError if the job does not exist."""
    with store.lock:
        job = _get(scope, request["TrainingJobName"])
        response = {name: value for name, value in job.request.items() if name != "Tags"}
        response |= _summary(job)
        response["SecondaryStatus"] = job.secondary
        response["SecondaryStatusTransitions"] = [dict(transition) for transition in job.transitions]
        if job.started is not None:
            response["TrainingStartTime"] = job.started
        if metrics := final_metrics.visible(job):
            response["FinalMetricDataList"] = metrics
        if job.artifacts:
            response["ModelArtifacts"] = {"S3ModelArtifacts": job.artifacts}
        if job.failure_reason:
            response["FailureReason"] = job.failure_reason
        if training_statuses.is_final(job):
            seconds = training_statuses.training_seconds(job)
            response |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
    return response


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListTrainingJobs."""
    with store.lock:
        jobs = store.of_kind(TrainingJob, scope)
        member = "TrainingJobSummaries"
        return pagination.page(jobs, request, member, _summary, status=training_statuses.primary, order="Ascending")


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


def _check_data(job: TrainingJob) -> None:
    """Checks with the execution role that there is an object under the URI of each channel. Raises ApiError."""
    role_arn = job.request["RoleArn"]
    s3 = execution_role.s3(role_arn, job)
    for channel in job.request.get("InputDataConfig", ()):
        uri = channel["DataSource"].get("S3DataSource", {}).get("S3Uri", "")
        bucket, prefix = channels.split(uri)
        found, problem = False, ""
        try:
            found = uri.startswith("s3://") and "Contents" in s3.list_objects_v2(
                Bucket=bucket, Prefix=prefix, MaxKeys=1
            )
        except ClientError as error:
            problem = f" Error message from S3: {error.response['Error'].get('Message')}"
        if not found:
            raise invalid(
                f'No S3 objects found under S3 URL "{uri}" given in input data source. Please ensure that the bucket '
                f"exists in the selected region ({job.region}), that objects exist under that S3 prefix, and that "
                f'the role "{role_arn}" has "s3:ListBucket" permissions on bucket "{bucket}".{problem}'
            )


def _summary(job: TrainingJob) -> dict[str, Any]:
    return {
        "TrainingJobName": job.name,
        "TrainingJobArn": job.arn,
        "TrainingJobStatus": training_statuses.primary(job),
        "CreationTime": job.created,
        "LastModifiedTime": job.modified,
        **({} if job.ended is None else {"TrainingEndTime": job.ended}),
    }
