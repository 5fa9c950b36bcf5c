"""StartTrainingJob: starts the run's training job, or adopts it when an earlier attempt of this run did.

Reads nothing of the data: the manifests that CheckData wrote say what to train on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas import clients, images, lease, refusals, tags
from lambdas.boundary import code, message, state
from lambdas.contract import NameConflict, QuotaInUse, Run, Training
from lambdas.window import instant_text


@state("StartTrainingJob", outcome="job")
def handler(event: dict[str, Any], context: Any) -> Training:
    """`{run, now, settings}` → the job, as SageMaker describes it.

    Raises QuotaInUse (ask again later), LeaseLost, NameConflict when a job of this run's name trains something else,
    and UnknownRegion.
    """
    run, settings = event["run"], event["settings"]
    request = training_request(run, settings)
    lease.require(run)
    try:
        clients.sagemaker().create_training_job(**request)
    except ClientError as error:
        if refusals.quota_in_use(error):
            raise QuotaInUse(message(error)) from error
        # A name is never free again; what has it is compared below, whoever made it.
        if code(error) != "ResourceInUse":
            raise
    job = clients.sagemaker().describe_training_job(TrainingJobName=run["name"])
    differing = [what for what, wanted in _identity(request).items() if _identity(job)[what] != wanted]
    if differing:
        raise NameConflict(f"the training job {run['name']} exists with another {', '.join(differing)}")
    return {
        "job": run["name"],
        "arn": job["TrainingJobArn"],
        "asked_at": event["now"],
        "started_at": instant_text(job["CreationTime"]),
    }


def training_request(run: Run, settings: Mapping[str, Any]) -> dict[str, Any]:
    """CreateTrainingJob's parameters: https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html

    The built-in image is isolated from the network: it needs none, SageMaker moves the data for it (File mode), and
    peers of a training cluster still reach each other. A pipeline's own image is not, as nobody knows what it needs.
    https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html
    """
    own_image = settings["image"]
    channels = {"train": run["manifest"], "validation": run["validation"]}
    return {
        "TrainingJobName": run["name"],
        "AlgorithmSpecification": {
            "TrainingImage": own_image or images.linear_learner(settings["region"]),
            "TrainingInputMode": "File",
        },
        "RoleArn": settings["role_arn"],
        "HyperParameters": {
            **{name: str(value) for name, value in settings["hyperparameters"].items()},
            "feature_dim": str(settings["feature_dim"]),
            "predictor_type": settings["predictor_type"],
        },
        "InputDataConfig": [_channel(name, manifest) for name, manifest in channels.items() if manifest],
        "OutputDataConfig": {"S3OutputPath": f"s3://{run['bucket']}/models/{run['pipeline']}/"},
        "ResourceConfig": {
            "InstanceType": settings["instance_type"],
            "InstanceCount": settings["instance_count"],
            "VolumeSizeInGB": settings["volume_gb"],
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 60 * settings["max_runtime_minutes"]},
        "EnableNetworkIsolation": not own_image,
        "Tags": tags.of(run, settings["tags"]),
    }


def _channel(name: str, manifest: str) -> dict[str, Any]:
    source = {"S3DataType": "ManifestFile", "S3Uri": manifest, "S3DataDistributionType": "FullyReplicated"}
    return {
        "ChannelName": name,
        "ContentType": "text/csv",
        "InputMode": "File",
        "DataSource": {"S3DataSource": source},
    }


def _identity(job: Mapping[str, Any]) -> dict[str, object]:
    """What makes two jobs the same request; takes what is sent and what DescribeTrainingJob answers alike."""
    return {
        "data": {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"] for c in job["InputDataConfig"]},
        "image": job["AlgorithmSpecification"]["TrainingImage"],
        "role": job["RoleArn"],
        "hyperparameters": dict(job["HyperParameters"]),
    }
