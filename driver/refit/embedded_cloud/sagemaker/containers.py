"""Checks the container of a CreateModel request, and describes containers as DescribeModel does.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
"""

from __future__ import annotations

from botocore.exceptions import ClientError

from refit.embedded_cloud.instance import channels, images
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.sagemaker import execution_role
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.resources import Json, Model

SUFFIX = ".tar.gz"


def of_request(request: Json) -> Json:
    """The only container of a CreateModel request, with a ModelDataUrl. Raises ApiError if there is no such container.

    An inference pipeline of several containers, multi-model containers and model packages exist on AWS only.
    """
    containers = request.get("Containers", [])
    if "PrimaryContainer" in request and containers:
        raise invalid("Only one of PrimaryContainer and Containers may be specified.")
    if "PrimaryContainer" not in request and not containers:
        raise invalid("PrimaryContainer or Containers must be specified.")
    container: Json = request.get("PrimaryContainer") or containers[0]
    if len(containers) > 1 or container.get("Mode") == "MultiModel" or "ModelPackageName" in container:
        raise invalid("the embedded cloud serves models of one container, with an Image and Mode SingleModel")
    _check_artifact_uri(container)
    return {**container, "ModelDataUrl": _url(container)}


def check_image(container: Json, *, isolated: bool) -> None:
    """Raises ApiError if the embedded cloud cannot run the image, or not without network access."""
    try:
        in_script_mode = images.program(container) is not None
    except CustomerError as error:
        raise invalid(str(error)) from error
    if in_script_mode and isolated:
        raise invalid("EnableNetworkIsolation would prevent the container from downloading its code from S3")


def check_artifact(model: Model) -> None:
    """Raises ApiError if the model's role cannot be assumed, or the artifact does not exist or may not be read.

    The words for the role are those in bentoml/BentoML#892, where CreateModel returned them.
    """
    uri, role_arn = model.request["PrimaryContainer"]["ModelDataUrl"], model.request["ExecutionRoleArn"]
    bucket, key = channels.split(uri)
    try:
        s3 = execution_role.s3(role_arn, model)
    except ApiError as error:
        raise invalid(
            f'The execution role ARN "{role_arn}" is invalid. Please ensure that the role exists and that its trust '
            f'relationship policy allows the action "sts:AssumeRole" for the service principal '
            f'"{execution_role.PRINCIPAL}".'
        ) from error
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise _not_found(uri) from error
        raise invalid(
            f'Could not access model data at {uri}. Please ensure that the role "{role_arn}" exists and that its trust '
            'relationship policy allows the action "sts:AssumeRole" for the service principal '
            f'"{execution_role.PRINCIPAL}". Also ensure that the role has "s3:GetObject" permissions and that the '
            f"object is located in {model.region}."
        ) from error


def described(container: Json) -> Json:
    """A container of a request as AWS describes it: with its default Mode, its Environment and its ModelDataSource.

    A request with a ModelDataSource is described without a ModelDataUrl: otherwise Terraform would replace the model.
    """
    defaults: Json = {"Mode": "SingleModel", "Environment": {}}
    if "ModelDataSource" in container:
        return defaults | {name: value for name, value in container.items() if name != "ModelDataUrl"}
    source = {"S3Uri": container["ModelDataUrl"], "S3DataType": "S3Object", "CompressionType": "Gzip"}
    return {**defaults, "ModelDataSource": {"S3DataSource": source}, **container}


def _check_artifact_uri(container: Json) -> None:
    """A built-in algorithm needs an artifact, and script mode has its program in it.

    It is a single gzip compressed tar archive with this suffix. A ModelDataSource may also be a folder, on AWS only.
    """
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    if source and "ModelDataUrl" in container:
        raise invalid("Only one of ModelDataUrl and ModelDataSource may be specified.")
    if source and (source["S3DataType"], source["CompressionType"]) != ("S3Object", "Gzip"):
        raise invalid("the embedded cloud loads models of S3DataType S3Object and CompressionType Gzip")
    uri = _url(container)
    bucket, key = channels.split(uri)
    if not uri.startswith("s3://") or not bucket or not key:
        raise _not_found(uri)
    if not uri.endswith(SUFFIX):
        raise invalid(
            f"Invalid model data at {uri}. It must be a single gzip compressed tar archive, with the suffix {SUFFIX}."
        )


def _url(container: Json) -> str:
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    return str(container.get("ModelDataUrl") or source.get("S3Uri", ""))


def _not_found(uri: str) -> ApiError:
    return invalid(f"Could not find model data at {uri}.")
