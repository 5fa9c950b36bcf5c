"""StartTrainingJob: starts the run's training job, or adopts the one that an earlier attempt of this run started.

It does not read the data: the manifests that CheckData wrote list the objects to train on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients, lease
from lambdas.aws.errors import code, message
from lambdas.aws.handler import state
from lambdas.sagemaker import error_messages
from refit.domain.data_formats import CSV_TYPE, FILE
from refit.domain.errors import NameConflict, QuotaInUse
from refit.domain.messages import JOB_CONFLICT
from refit.domain.run_document import Run, Training
from refit.domain.window import instant_text


@state("StartTrainingJob", outcome="job")
def handler(event: dict[str, Any], context: Any) -> Training:
    """`{run, now, settings}` → the training job.

    Raises QuotaInUse (retry later), LeaseLost, and NameConflict if a job of this name exists with other parameters.
    """
    run, settings = event["run"], event["settings"]
    request = training_request(run, settings)
    lease.require(run)
    try:
        clients.sagemaker().create_training_job(**request)
    except ClientError as error:
        if error_messages.quota_in_use(error):
            raise QuotaInUse(message(error)) from error
        # The name of a job can never be reused. The existing job is compared below, whoever created it.
        if code(error) != "ResourceInUse":
            raise
    job = clients.sagemaker().describe_training_job(TrainingJobName=run["name"])
    present = _identity(job)
    differing = [what for what, wanted in _identity(request).items() if present.get(what) != wanted]
    if differing:
        raise NameConflict(JOB_CONFLICT.format(name=run["name"], differing=", ".join(differing)))
    return {
        "job": run["name"],
        "arn": job["TrainingJobArn"],
        "asked_at": event["now"],
        "started_at": instant_text(job["CreationTime"]),
    }


def training_request(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """CreateTrainingJob's parameters; the image gets `settings.hyperparameters` and no others.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
    """
    # A definition that was deployed before these settings existed continues with this code.
    mode = settings.get("input_mode", FILE)
    data = {"ContentType": settings.get("content_type", CSV_TYPE), "InputMode": mode}
    if compression := settings.get("compression_type"):
        data["CompressionType"] = compression
    manifests = {"train": run["manifest"], "validation": run["validation"]}
    more = {name: f"s3://{run['bucket']}/{prefix}" for name, prefix in settings["channels"].items()}
    return {
        "TrainingJobName": run["name"],
        "AlgorithmSpecification": _algorithm(run["image"], mode, settings["metrics"]),
        "RoleArn": settings["role_arn"],
        "HyperParameters": settings["hyperparameters"],
        "InputDataConfig": [
            *(_channel(name, "ManifestFile", uri, data) for name, uri in manifests.items() if uri),
            *(_channel(name, "S3Prefix", uri, data) for name, uri in more.items()),
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{run['bucket']}/models/{run['pipeline']}/"},
        "ResourceConfig": {
            "InstanceType": settings["instance_type"],
            "InstanceCount": settings["instance_count"],
            "VolumeSizeInGB": settings["volume_gb"],
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60 * settings["max_runtime_minutes"]},
        "EnableNetworkIsolation": settings["network_isolation"],
        "Tags": run["tags"],
    }


def _algorithm(image: str, input_mode: str, metrics: Mapping[str, str]) -> dict[str, Any]:
    """`metrics` are the patterns of the metrics in the log of a custom image; empty for a built-in image.

    https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
    """
    algorithm: dict[str, Any] = {"TrainingImage": image, "TrainingInputMode": input_mode}
    if metrics:
        algorithm["MetricDefinitions"] = [{"Name": name, "Regex": regex} for name, regex in metrics.items()]
    return algorithm


def _channel(name: str, kind: str, uri: str, data: Mapping[str, str]) -> dict[str, Any]:
    """One channel; `data` are its members ContentType, InputMode and CompressionType."""
    return {
        "ChannelName": name,
        **data,
        "DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}},
    }


def _identity(job: Mapping[str, Any]) -> dict[str, object]:
    """The properties that must match for a job to be adopted, either from a request or from DescribeTrainingJob.

    Metrics are compared only if they were requested, because SageMaker also returns those of a built-in image. A job of
    someone else may lack any of them: it has a file system as its data, or an algorithm instead of an image.
    """
    algorithm, channels = job.get("AlgorithmSpecification", {}), job.get("InputDataConfig", [])
    same: dict[str, object] = {
        "data": {c["ChannelName"]: c["DataSource"].get("S3DataSource", {}).get("S3Uri") for c in channels},
        "image": algorithm.get("TrainingImage"),
        "role": job.get("RoleArn"),
        "hyperparameters": job.get("HyperParameters", {}),
        "network isolation": job.get("EnableNetworkIsolation", False),
    }
    if "MetricDefinitions" in algorithm:
        same["metrics"] = {metric["Name"]: metric["Regex"] for metric in algorithm["MetricDefinitions"]}
    return same
