"""Describes a training job as DescribeTrainingJob and ListTrainingJobs do.

The members that AWS adds to those of the request are the ones in descriptions that users have published. A job has
ModelArtifacts only once its model is uploaded: a published description of a job that is Starting has none, although
the service model requires the member.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
"""

from __future__ import annotations

from refit.embedded_cloud.instance import images
from refit.embedded_cloud.sagemaker import catalog, final_metrics, training_statuses
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob
from refit.embedded_cloud.sagemaker.training_requests import max_runtime_seconds

PROFILING_INTERVAL_MILLISECONDS = 500


def description(job: TrainingJob) -> Json:
    """The response of DescribeTrainingJob. The store's lock must be held."""
    response = {
        **{name: value for name, value in job.request.items() if name != "Tags"},
        **_defaults(job.request),
        **summary(job),
        "SecondaryStatusTransitions": [dict(transition) for transition in job.transitions],
    }
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


def summary(job: TrainingJob) -> Json:
    """The job in the response of ListTrainingJobs."""
    return {
        **catalog.summary(job),
        "TrainingJobStatus": training_statuses.primary(job),
        "SecondaryStatus": job.secondary,
        "LastModifiedTime": job.modified,
        **({} if job.ended is None else {"TrainingEndTime": job.ended}),
    }


def _defaults(request: Json) -> Json:
    """The members for which AWS describes a default where the request has none."""
    stopping = {**request.get("StoppingCondition", {}), "MaxRuntimeInSeconds": max_runtime_seconds(request)}
    described: Json = {
        "AlgorithmSpecification": _algorithm(request),
        "OutputDataConfig": {"KmsKeyId": "", "CompressionType": "GZIP", **request["OutputDataConfig"]},
        "StoppingCondition": stopping,
        "EnableNetworkIsolation": request.get("EnableNetworkIsolation", False),
        "EnableInterContainerTrafficEncryption": request.get("EnableInterContainerTrafficEncryption", False),
        "EnableManagedSpotTraining": request.get("EnableManagedSpotTraining", False),
    }
    if "InputDataConfig" in request:
        wrappers = {"CompressionType": "None", "RecordWrapperType": "None"}
        described["InputDataConfig"] = [{**wrappers, **channel} for channel in request["InputDataConfig"]]
    if "DebugHookConfig" in request:
        described["DebugHookConfig"] = {"CollectionConfigurations": [], **request["DebugHookConfig"]}
    return described | _profiling(request.get("ProfilerConfig"))


def _algorithm(request: Json) -> Json:
    """A built-in algorithm is described with its metric definitions, which a request cannot set."""
    defaults: Json = {"EnableSageMakerMetricsTimeSeries": False}
    if algorithm := images.built_in(request):
        defaults["MetricDefinitions"] = [dict(definition) for definition in algorithm.METRIC_DEFINITIONS]
    return {**defaults, **request["AlgorithmSpecification"]}


def _profiling(config: Json | None) -> Json:
    if config is None:
        return {"ProfilingStatus": "Disabled"}
    defaults = {"ProfilingIntervalInMilliseconds": PROFILING_INTERVAL_MILLISECONDS, "DisableProfiler": False}
    profiler = {**defaults, **config}
    return {"ProfilerConfig": profiler, "ProfilingStatus": "Disabled" if profiler["DisableProfiler"] else "Enabled"}
