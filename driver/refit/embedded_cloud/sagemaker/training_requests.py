"""Checks a CreateTrainingJob request for what the service model does not contain. Every check raises ApiError.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from refit.embedded_cloud.instance import channels, images
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.sagemaker import execution_role
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob

DEFAULT_MAX_RUNTIME_SECONDS = 86_400
LONGEST_RUNTIME_SECONDS = 28 * 86_400


def check(request: Json) -> None:
    """Checks the request alone: the image, the instances, the channels, the output and the stopping condition."""
    if request["OutputDataConfig"].get("CompressionType") == "NONE":
        raise invalid("the embedded cloud writes compressed models only: omit OutputDataConfig.CompressionType")
    try:
        images.trainer({"AlgorithmSpecification": {}, **request})
    except CustomerError as error:
        raise invalid(str(error)) from error
    resources = request.get("ResourceConfig", {})
    if not all(resources.get(member) for member in ("InstanceType", "InstanceCount", "VolumeSizeInGB")):
        raise invalid("ResourceConfig must have InstanceType, InstanceCount and VolumeSizeInGB")
    names = [channel["ChannelName"] for channel in request.get("InputDataConfig", ())]
    if len(set(names)) < len(names):
        raise invalid(f"Channel names must be unique, found {', '.join(names)}.")
    _check_stopping_condition(request)


def check_data(job: TrainingJob) -> None:
    """Checks with the execution role that there is an object under the URI of each channel."""
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


def max_runtime_seconds(request: Json) -> int:
    """How long the job may run: a day unless the request says otherwise.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html
    """
    return int(request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS))


def _check_stopping_condition(request: Json) -> None:
    """At most 28 days, and MaxWaitTimeInSeconds exactly for managed spot training, where it includes the run time.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html and
    https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html; the words for a job that is not a
    spot job are AWS's (Kenza-AI/sagify#111), the others are ours.
    """
    longest = max_runtime_seconds(request)
    if longest > LONGEST_RUNTIME_SECONDS:
        raise invalid(
            f"Invalid MaxRuntimeInSeconds {longest}. It must be less than or equal to {LONGEST_RUNTIME_SECONDS}, "
            "which is 28 days"
        )
    wait = request.get("StoppingCondition", {}).get("MaxWaitTimeInSeconds")
    if not request.get("EnableManagedSpotTraining"):
        if wait is not None:
            raise invalid(
                "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true"
            )
    elif wait is None or wait < longest:
        raise invalid(
            "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds "
            "when EnableManagedSpotTraining is set to true"
        )
