"""Implements CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs and DeleteEndpointConfig.

As on AWS, a config in use can be deleted. Its endpoint keeps serving, but DescribeEndpointConfig no longer finds it.
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.sagemaker import models, pagination, store, tags
from refit.embedded_cloud.sagemaker.errors import exists, invalid, missing
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Json, now
from refit.embedded_cloud.sagemaker.scope import Scope

WHAT = "endpoint configuration"


def create(request: Json, scope: Scope) -> Json:
    """Raises ApiError if a model does not exist, or for a variant that the embedded cloud cannot serve."""
    variants = request["ProductionVariants"]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise invalid(f"Production variant names must be unique, found {', '.join(names)}.")
    for variant in variants:
        if not all(variant.get(member) for member in ("ModelName", "InstanceType", "InitialInstanceCount")):
            raise invalid("on the embedded cloud a variant must have ModelName, InstanceType and InitialInstanceCount")
    config = EndpointConfig(
        account=scope.account,
        region=scope.region,
        name=request["EndpointConfigName"],
        created=(at := now()),
        modified=at,
        tags=tags.merged([], request.get("Tags", ())),
        request={**request, "ProductionVariants": [{"InitialVariantWeight": 1.0, **variant} for variant in variants]},
    )
    with store.lock:
        for variant in variants:
            models.get(scope, variant["ModelName"])
        if store.find(EndpointConfig, scope, config.name):
            raise exists(WHAT, config.arn)
        store.add(config)
    return {"EndpointConfigArn": config.arn}


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeEndpointConfig. Raises ApiError if the config does not exist."""
    config = get(scope, request["EndpointConfigName"])
    shown = {name: value for name, value in config.request.items() if name not in ("EndpointConfigName", "Tags")}
    return {**_summary(config), **shown}


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListEndpointConfigs."""
    return pagination.page(store.of_kind(EndpointConfig, scope), request, "EndpointConfigs", _summary)


def delete(request: Json, scope: Scope) -> Json:
    """Deletes a config, even one in use. Raises ApiError if it does not exist."""
    with store.lock:
        store.remove(get(scope, request["EndpointConfigName"]))
    return {}


def get(scope: Scope, name: str) -> EndpointConfig:
    """The config with this name. Raises ApiError if it does not exist."""
    config = store.find(EndpointConfig, scope, name)
    if config is None:
        raise missing(WHAT, scope.arn(EndpointConfig.KIND, name))
    return config


def _summary(config: EndpointConfig) -> dict[str, Any]:
    return {
        "EndpointConfigName": config.name,
        "EndpointConfigArn": config.arn,
        "CreationTime": config.created,
    }
