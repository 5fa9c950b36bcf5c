"""Implements CreateModel, DescribeModel, ListModels and DeleteModel.

A model names a container and its artifact. Deleting it does not affect the endpoints that have loaded it.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from refit.embedded_cloud.instance import channels, images
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.sagemaker import execution_role, pagination, store, tags
from refit.embedded_cloud.sagemaker.errors import exists, invalid, missing
from refit.embedded_cloud.sagemaker.resources import Json, Model, now
from refit.embedded_cloud.sagemaker.scope import Scope


def create(request: Json, scope: Scope) -> Json:
    """Checks the image, and the artifact with the execution role's permissions. Raises ApiError."""
    container = request.get("PrimaryContainer") or next(iter(request.get("Containers", ())), None)
    if not container or len(request.get("Containers", ())) > 1 or not request.get("ExecutionRoleArn"):
        raise invalid("on the embedded cloud a model must have one container and an ExecutionRoleArn")
    try:
        in_script_mode = images.program(container) is not None
    except CustomerError as error:
        raise invalid(str(error)) from error
    if in_script_mode and request.get("EnableNetworkIsolation"):
        raise invalid("EnableNetworkIsolation would prevent the container from downloading its code from S3")
    model = Model(
        account=scope.account,
        region=scope.region,
        name=request["ModelName"],
        created=(at := now()),
        modified=at,
        tags=tags.merged([], request.get("Tags", ())),
        request={**request, "PrimaryContainer": container},
    )
    _check_name(model)
    _check_artifact(model)
    with store.lock:
        _check_name(model)
        store.add(model)
    return {"ModelArn": model.arn}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeModel. Raises ApiError if the model does not exist."""
    model = get(scope, request["ModelName"])
    shown = ("PrimaryContainer", "ExecutionRoleArn", "VpcConfig", "EnableNetworkIsolation")
    return {
        "ModelName": model.name,
        "ModelArn": model.arn,
        "CreationTime": model.created,
        **{name: model.request[name] for name in shown if name in model.request},
    }


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListModels."""
    return pagination.page(store.of_kind(Model, scope), request, "Models", _summary)


def delete(request: Json, scope: Scope) -> Json:
    """Deletes a model, even one in use. Raises ApiError if it does not exist."""
    with store.lock:
        store.remove(get(scope, request["ModelName"]))
    return {}


def get(scope: Scope, name: str) -> Model:
    """The model with this name. Raises ApiError if it does not exist."""
    model = store.find(Model, scope, name)
    if model is None:
        raise missing("model", scope.arn(Model.KIND, name))
    return model


def _check_name(model: Model) -> None:
    if store.find(Model, model.scope, model.name):
        raise exists("model", model.arn)


def _summary(model: Model) -> dict[str, Any]:
    return {"ModelName": model.name, "ModelArn": model.arn, "CreationTime": model.created}


def _check_artifact(model: Model) -> None:
    uri = model.request["PrimaryContainer"].get("ModelDataUrl", "")
    role_arn = model.request["ExecutionRoleArn"]
    bucket, key = channels.split(uri)
    if not uri.startswith("s3://") or not bucket or not key:
        raise invalid(f"Could not find model data at {uri}.")
    try:
        execution_role.s3(role_arn, model).head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise invalid(f"Could not find model data at {uri}.") from error
        raise invalid(
            f'Could not access model data at {uri}. Please ensure that the role "{role_arn}" exists and that its trust '
            'relationship policy allows the action "sts:AssumeRole" for the service principal '
            f'"{execution_role.PRINCIPAL}". Also ensure that the role has "s3:GetObject" permissions and that the '
            f"object is located in {model.region}."
        ) from error
