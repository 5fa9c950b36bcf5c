"""Implements CreateEndpoint, UpdateEndpoint, DescribeEndpoint, ListEndpoints and DeleteEndpoint."""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker import (
    deployment,
    endpoint_configs,
    endpoint_statuses,
    guardrails,
    pagination,
    store,
    tags,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, exists, invalid, missing
from refit.embedded_cloud.sagemaker.resources import Endpoint, Json, now
from refit.embedded_cloud.sagemaker.scope import Scope

CREATE_FAULTS = ("fail_create", "hang")
UPDATE_FAULTS = ("roll_back", "hang")


def create(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint goes from Creating to InService or Failed."""
    with store.lock:
        config = endpoint_configs.get(scope, request["EndpointConfigName"])
        endpoint = Endpoint(
            account=scope.account,
            region=scope.region,
            name=request["EndpointName"],
            created=(at := now()),
            modified=at,
            tags=tags.merged([], request.get("Tags", ())),
            status="Creating",
            config=config.name,
            deployment_config=request.get("DeploymentConfig", {}),
        )
        if store.find(Endpoint, scope, endpoint.name):
            raise exists("endpoint", endpoint.arn)
        store.add(endpoint)
    deployment.deploy(endpoint, config, _fault(CREATE_FAULTS))
    return {"EndpointArn": endpoint.arn}


def update(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint goes from Updating to InService, or through RollingBack to the old config."""
    requested = request.get("DeploymentConfig", {})
    with store.lock:
        endpoint = get(scope, request["EndpointName"])
        config = endpoint_configs.get(scope, request["EndpointConfigName"])
        deployment_config = endpoint.deployment_config if request.get("RetainDeploymentConfig") else requested
        guardrails.check(deployment_config, config)
        if not endpoint_statuses.move(endpoint, "update", now()):
            raise _not_allowed(endpoint)
        endpoint.pending, endpoint.failure_reason = config.name, ""
        endpoint.deployment_config = deployment_config
    deployment.deploy(endpoint, config, _fault(UPDATE_FAULTS))
    return {"EndpointArn": endpoint.arn}


def delete(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint is Deleting until it is gone."""
    with store.lock:
        endpoint = get(scope, request["EndpointName"])
        if not endpoint_statuses.move(endpoint, "delete", now()):
            raise _not_allowed(endpoint)
    deployment.delete(endpoint)
    return {}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeEndpoint. Raises ApiError if the endpoint does not exist."""
    with store.lock:
        endpoint = get(scope, request["EndpointName"])
        response = {**_summary(endpoint), "EndpointConfigName": endpoint.config}
        if endpoint.variants:
            response["ProductionVariants"] = [_variant(variant) for variant in endpoint.variants]
        if endpoint.pending:
            response["PendingDeploymentSummary"] = {
                "EndpointConfigName": endpoint.pending,
                "StartTime": endpoint.modified,
            }
        if endpoint.failure_reason:
            response["FailureReason"] = endpoint.failure_reason
        if endpoint.deployment_config:
            response["LastDeploymentConfig"] = endpoint.deployment_config
    return response


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListEndpoints."""
    with store.lock:
        endpoints = store.of_kind(Endpoint, scope)
        return pagination.page(endpoints, request, "Endpoints", _summary, status=lambda endpoint: endpoint.status)


def get(scope: Scope, name: str) -> Endpoint:
    """The endpoint with this name. Raises ApiError if it does not exist."""
    endpoint = store.find(Endpoint, scope, name)
    if endpoint is None:
        raise missing("endpoint", scope.arn(Endpoint.KIND, name))
    return endpoint


def _fault(modes: tuple[str, ...]) -> str | None:
    return next((mode for mode in modes if faults.take(f"endpoint.{mode}")), None)


def _not_allowed(endpoint: Endpoint) -> ApiError:
    if endpoint.status in endpoint_statuses.IN_PROGRESS:
        return invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')
    return invalid(f'Cannot update endpoint "{endpoint.arn}" in status {endpoint.status}.')


def _summary(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "EndpointStatus": endpoint.status,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
    }


def _variant(variant: Json) -> Json:
    """The ProductionVariantSummary of a variant in service."""
    image = {
        "SpecifiedImage": variant["Image"],
        "ResolvedImage": variant["Image"],
        "ResolutionTime": variant["LoadedAt"],
    }
    weight, count = variant["InitialVariantWeight"], variant["InitialInstanceCount"]
    return {
        "VariantName": variant["VariantName"],
        "DeployedImages": [image],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": count,
        "DesiredInstanceCount": count,
    }
