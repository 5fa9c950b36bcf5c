"""Implements CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs and DeleteEndpointConfig.

As on AWS, a config in use can be deleted. Its endpoint keeps serving, but it can no longer be updated.
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import catalog, production_variants, store
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Json, Model
from refit.embedded_cloud.sagemaker.scope import Scope


def create(request: Json, scope: Scope) -> Json:
    """Raises ApiError if a model is missing, or for a config that AWS rejects or the embedded cloud cannot serve."""
    variants = production_variants.of_request(request)
    if "AsyncInferenceConfig" in request and not request["AsyncInferenceConfig"]["OutputConfig"].get("S3OutputPath"):
        raise invalid("on the embedded cloud AsyncInferenceConfig.OutputConfig must have an S3OutputPath")
    config = catalog.new(EndpointConfig, request, scope, request={**request, "ProductionVariants": variants})
    with store.lock:
        for variant in variants:
            _check_model(variant, catalog.get(Model, scope, variant["ModelName"]))
        return catalog.add(config)


def describe(request: Json, scope: Scope) -> Json:
    """The response of DescribeEndpointConfig. Raises ApiError if the config does not exist."""
    config = catalog.requested(EndpointConfig, request, scope)
    shown = {name: value for name, value in config.request.items() if name not in ("EndpointConfigName", "Tags")}
    return {**catalog.summary(config), **shown}


def list_(request: Json, scope: Scope) -> Json:
    """The response of ListEndpointConfigs."""
    return catalog.list_(EndpointConfig, request, scope)


def delete(request: Json, scope: Scope) -> Json:
    """Deletes a config, even one in use. Raises ApiError if it does not exist."""
    return catalog.delete(EndpointConfig, request, scope)


def features(config: EndpointConfig) -> Json:
    """The members of a config that DescribeEndpoint shows while it is in service. Nothing is captured here."""
    members = ("AsyncInferenceConfig", "MetricsConfig")
    shown: Json = {name: config.request[name] for name in members if name in config.request}
    if capture := config.request.get("DataCaptureConfig"):
        enabled = capture.get("EnableCapture", False)
        shown["DataCaptureConfig"] = {
            "EnableCapture": enabled,
            "CaptureStatus": "Started" if enabled else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    return shown


def _check_model(variant: Json, model: Model) -> None:
    """A serverless endpoint supports neither a VPC nor network isolation.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
    """
    if not production_variants.is_serverless(variant):
        return
    for feature in ("VpcConfig", "EnableNetworkIsolation"):
        if model.request.get(feature):
            raise invalid(f"A serverless endpoint does not support {feature} of the model {model.name}.")
