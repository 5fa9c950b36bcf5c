"""Describes a processing job as DescribeProcessingJob, ListProcessingJobs and EventBridge do.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import catalog
from refit.embedded_cloud.sagemaker.processing_requests import max_runtime_seconds
from refit.embedded_cloud.sagemaker.resources import Json, ProcessingJob, milliseconds

EVENT_MEMBERS = (
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "StoppingCondition",
    "AppSpecification",
    "NetworkConfig",
    "RoleArn",
    "ExperimentConfig",
)
"""The members of the request in the event; AWS's example of it has no others."""


def description(job: ProcessingJob) -> Json:
    """The response of DescribeProcessingJob. The store's lock must be held."""
    request = {name: value for name, value in job.request.items() if name != "Tags"}
    return {**request, **_defaults(job.request), **summary(job), **_started(job)}


def summary(job: ProcessingJob) -> Json:
    """The job in the response of ListProcessingJobs."""
    found = {
        **catalog.summary(job),
        "ProcessingJobStatus": job.status,
        "LastModifiedTime": job.modified,
        "ProcessingEndTime": job.ended,
        "FailureReason": job.failure_reason or None,
        # The message is known once the job is in a final status: byoc-metadata.html of the developer guide.
        "ExitMessage": (job.exit_message or None) if job.ended else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def event_detail(job: ProcessingJob) -> Json:
    """The detail of the event "SageMaker Processing Job State Change" for the current status; times in milliseconds.

    It is not DescribeProcessingJob's response: it has neither the environment nor the ExitMessage. Step Functions
    waits for it with `createProcessingJob.sync`, and returns its detail.
    https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
    """
    found = {
        **{name: job.request[name] for name in EVENT_MEMBERS if name in job.request},
        **_defaults(job.request),
        **summary(job),
        **_started(job),
    }
    found.pop("ExitMessage", None)
    return {name: milliseconds(value) if name.endswith("Time") else value for name, value in found.items()}


def _started(job: ProcessingJob) -> Json:
    return {} if job.started is None else {"ProcessingStartTime": job.started}


def _defaults(request: Json) -> Json:
    """The members for which AWS documents a default, where the request has none."""
    described: Json = {"StoppingCondition": {"MaxRuntimeInSeconds": max_runtime_seconds(request)}}
    cluster = {"InstanceCount": 1, **request["ProcessingResources"]["ClusterConfig"]}
    described["ProcessingResources"] = {"ClusterConfig": cluster}
    if "ProcessingInputs" in request:
        described["ProcessingInputs"] = [{"AppManaged": False, **each} for each in request["ProcessingInputs"]]
    if "ProcessingOutputConfig" in request:
        config = request["ProcessingOutputConfig"]
        described["ProcessingOutputConfig"] = {
            **config,
            "Outputs": [{"AppManaged": False, **each} for each in config["Outputs"]],
        }
    return described
