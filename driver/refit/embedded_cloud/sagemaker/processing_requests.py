"""Checks a CreateProcessingJob request for what the service model does not contain. Every check raises ApiError.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html and the pages of its members,
whose rules these are; the words are ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from refit.embedded_cloud.instance import channels, images, processing_folders
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.instance.processing_config import DEFAULT_MAX_RUNTIME_SECONDS
from refit.embedded_cloud.sagemaker import execution_role
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Json, ProcessingJob


def check(request: Json) -> None:
    """Checks the request alone: the image and its program, the instances, the inputs and the outputs."""
    try:
        images.check_processing(request["AppSpecification"])
    except CustomerError as error:
        raise invalid(str(error)) from error
    cluster = request["ProcessingResources"]["ClusterConfig"]
    if "InstanceType" not in cluster:
        raise invalid("ClusterConfig must have InstanceType or InstancePreferences")
    if cluster.get("InstanceCount", 1) > 1:
        raise invalid("the embedded cloud runs a processing job on one instance: set InstanceCount to 1")
    inputs = request.get("ProcessingInputs", [])
    outputs = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    _check_names("InputName", inputs)
    _check_names("OutputName", outputs)
    for each in inputs:
        _check_input(each)
    for each in outputs:
        _check_output(each)


def check_role(job: ProcessingJob) -> None:
    """Checks that SageMaker may assume the role. Whether the data exists is known only when the job runs."""
    execution_role.s3(job.request["RoleArn"], job)


def max_runtime_seconds(request: Json) -> int:
    """How long the job may run: a day unless the request says otherwise."""
    return int(request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DEFAULT_MAX_RUNTIME_SECONDS))


def _check_names(member: str, items: Sequence[Json]) -> None:
    names = [each[member] for each in items]
    if len(set(names)) < len(names):
        raise invalid(f"{member} must be unique, found {', '.join(names)}.")


def _check_input(item: Json) -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingInput.html"""
    name, source = f"input {item['InputName']}", item.get("S3Input")
    if source is None:
        raise invalid(f"{name}: exactly one of S3Input and DatasetDefinition must be specified")
    if source.get("S3InputMode") == "Pipe":
        raise invalid(f"{name}: the embedded cloud gives a program files, not pipes: Pipe works only on AWS")
    if source.get("S3CompressionType") == "Gzip":
        raise invalid(f"{name}: S3CompressionType Gzip can be used only with S3InputMode Pipe")
    _check_place(name, source)


def _check_output(item: Json) -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutput.html"""
    name, target = f"output {item['OutputName']}", item.get("S3Output")
    if target is None:
        raise invalid(f"{name}: exactly one of S3Output and FeatureStoreOutput must be specified")
    _check_place(name, target)


def _check_place(name: str, place: Json) -> None:
    if not place["S3Uri"].startswith("s3://") or not channels.split(place["S3Uri"])[0]:
        raise invalid(f"{name}: the embedded cloud knows S3Uri s3://<bucket>/<prefix> only, found {place['S3Uri']}")
    if "LocalPath" not in place:
        raise invalid(f"{name}: LocalPath is required when AppManaged is False")
    if not processing_folders.is_allowed(place["LocalPath"]):
        raise invalid(
            f"{name}: LocalPath must be an absolute path that begins with {processing_folders.DATA}, "
            f"found {place['LocalPath']}"
        )
