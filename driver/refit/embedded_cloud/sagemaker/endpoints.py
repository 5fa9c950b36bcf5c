"""Implements CreateEndpoint, UpdateEndpoint, DescribeEndpoint, ListEndpoints and DeleteEndpoint."""

from __future__ import annotations

from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker import (
    catalog,
    deployment,
    endpoint_statuses,
    guardrails,
    production_variants,
    retained_properties,
    store,
)
from refit.embedded_cloud.sagemaker.errors import ApiError, invalid
from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, Json, now
from refit.embedded_cloud.sagemaker.scope import Scope

CREATE_FAULTS = ("fail_create", "hang")
UPDATE_FAULTS = ("roll_back", "hang")


def create(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint goes from Creating to InService or Failed."""
    with store.lock:
        config = catalog.requested(EndpointConfig, request, scope)
        guardrails.check(request.get("DeploymentConfig", {}), config)
        endpoint = catalog.new(
            Endpoint,
            request,
            scope,
            status="Creating",
            config=config.name,
            pending=config.name,
            wanted=config.request["ProductionVariants"],
            deployment_config=request.get("DeploymentConfig", {}),
        )
        response = catalog.add(endpoint)
    deployment.deploy(endpoint, config, _fault(CREATE_FAULTS))
    return response


def update(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint goes from Updating to InService, or through RollingBack to the old config.

    An endpoint whose config in service was deleted cannot be updated: users report the same error from AWS, in
    hashicorp/terraform-provider-aws#48997 and #40048.
    """
    requested = request.get("DeploymentConfig", {})
    with store.lock:
        endpoint = catalog.requested(Endpoint, request, scope)
        config = catalog.requested(EndpointConfig, request, scope)
        deployment_config = endpoint.deployment_config if request.get("RetainDeploymentConfig") else requested
        check_change(endpoint)
        catalog.get(EndpointConfig, scope, endpoint.config)
        guardrails.check(deployment_config, config)
        begin_change(endpoint)
        endpoint.pending, endpoint.wanted = config.name, retained_properties.apply(request, endpoint, config)
        endpoint.deployment_config = deployment_config
    deployment.deploy(endpoint, config, _fault(UPDATE_FAULTS))
    return {"EndpointArn": endpoint.arn}


def delete(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint is Deleting until it is gone."""
    with store.lock:
        endpoint = catalog.requested(Endpoint, request, scope)
        if not endpoint_statuses.move(endpoint, "delete", now()):
            raise _not_allowed(endpoint)
    deployment.delete(endpoint)
    return {}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeEndpoint. Raises ApiError if the endpoint does not exist."""
    with store.lock:
        endpoint = catalog.requested(Endpoint, request, scope)
        response = {**_summary(endpoint), "EndpointConfigName": endpoint.config, **endpoint.features}
        if endpoint.variants:
            response["ProductionVariants"] = [production_variants.summary(variant) for variant in endpoint.variants]
        if endpoint.pending:
            response["PendingDeploymentSummary"] = {
                "EndpointConfigName": endpoint.pending,
                "ProductionVariants": [production_variants.pending_summary(variant) for variant in endpoint.wanted],
                "StartTime": endpoint.modified,
            }
        if endpoint.failure_reason:
            response["FailureReason"] = endpoint.failure_reason
        if endpoint.deployment_config:
            response["LastDeploymentConfig"] = endpoint.deployment_config
    return response


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListEndpoints."""
    return catalog.list_(Endpoint, request, scope, _summary, status=lambda endpoint: endpoint.status)


def check_change(endpoint: Endpoint) -> None:
    """Raises ApiError if the endpoint's status does not allow a change."""
    if not endpoint_statuses.allows(endpoint, "update"):
        raise _not_allowed(endpoint)


def begin_change(endpoint: Endpoint) -> None:
    """Makes the endpoint Updating. Raises ApiError if its status does not allow it. The store's lock must be held."""
    check_change(endpoint)
    endpoint_statuses.move(endpoint, "update", now())
    endpoint.failure_reason = ""


def _fault(modes: tuple[str, ...]) -> str | None:
    return next((mode for mode in modes if faults.take(f"endpoint.{mode}")), None)


def _not_allowed(endpoint: Endpoint) -> ApiError:
    if endpoint.status in endpoint_statuses.IN_PROGRESS:
        return invalid(f'Cannot update in-progress endpoint "{endpoint.arn}".')
    return invalid(f'Cannot update endpoint "{endpoint.arn}" in status {endpoint.status}.')


def _summary(endpoint: Endpoint) -> Json:
    times = {"LastModifiedTime": endpoint.modified, "EndpointStatus": endpoint.status}
    return {**catalog.summary(endpoint), **times}
