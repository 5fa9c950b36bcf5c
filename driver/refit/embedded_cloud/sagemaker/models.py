"""Implements CreateModel, DescribeModel, ListModels and DeleteModel.

A model names a container and its artifact. Deleting it does not affect the endpoints that have loaded it.
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import catalog, containers
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Json, Model
from refit.embedded_cloud.sagemaker.scope import Scope

SHOWN = ("ExecutionRoleArn", "VpcConfig", "InferenceExecutionConfig")


def create(request: Json, scope: Scope) -> Json:
    """Checks the image, and the artifact with the execution role's permissions. Raises ApiError."""
    container = containers.of_request(request)
    if not request.get("ExecutionRoleArn"):
        raise invalid("on the embedded cloud a model must have an ExecutionRoleArn")
    containers.check_image(container, isolated=request.get("EnableNetworkIsolation", False))
    model = catalog.new(Model, request, scope, request={**request, "PrimaryContainer": container})
    catalog.check_name(model)
    containers.check_artifact(model)
    return catalog.add(model)


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeModel. Raises ApiError if the model does not exist.

    A model made with Containers is described with Containers: otherwise Terraform would replace it at every apply.
    """
    model = catalog.requested(Model, request, scope)
    shown = {name: model.request[name] for name in SHOWN if name in model.request}
    if made_with := model.request.get("Containers"):
        shown["Containers"] = [containers.described(each) for each in made_with]
    else:
        shown["PrimaryContainer"] = containers.described(model.request["PrimaryContainer"])
    isolated = model.request.get("EnableNetworkIsolation", False)
    return {**catalog.summary(model), "EnableNetworkIsolation": isolated, **shown}


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListModels."""
    return catalog.list_(Model, request, scope)


def delete(request: Json, scope: Scope) -> Json:
    """Deletes a model, even one in use. Raises ApiError if it does not exist."""
    return catalog.delete(Model, request, scope)
