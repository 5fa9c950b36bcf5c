"""Checks the production variants of an endpoint config, and describes those of an endpoint.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Json

MEMORY_STEP_MB = 1024


def of_request(request: Json) -> list[Json]:
    """The variants of a CreateEndpointConfig request, with their default weights. Raises ApiError.

    The messages are ours, except where a comment names their source.
    """
    variants: list[Json] = request["ProductionVariants"]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise invalid(f"Production variant names must be unique, found {', '.join(names)}.")
    for variant in variants:
        _check(variant)
    if any(is_serverless(variant) for variant in variants):
        _check_serverless_config(request)
    return [{"InitialVariantWeight": 1.0, **variant} for variant in variants]


def is_serverless(variant: Mapping[str, object]) -> bool:
    """Whether the variant has no instances, but is scaled with its requests."""
    return "ServerlessConfig" in variant


def instances(variants: Sequence[Json]) -> int:
    """The number of instances of all variants; a serverless variant has none."""
    return sum(int(variant.get("InitialInstanceCount", 0)) for variant in variants)


def check_serverless(config: Json) -> None:
    """Checks a ServerlessConfig, or the one that an update results in. Raises ApiError.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantServerlessConfig.html
    """
    if config["MemorySizeInMB"] % MEMORY_STEP_MB:
        raise invalid("MemorySizeInMB must be 1024, 2048, 3072, 4096, 5120 or 6144.")
    if config.get("ProvisionedConcurrency", 0) > config["MaxConcurrency"]:
        raise invalid("ProvisionedConcurrency must be less than or equal to MaxConcurrency.")


def summary(variant: Json) -> Json:
    """The ProductionVariantSummary of a variant in service.

    A serverless one has no desired instance count, as in outputs of DescribeEndpoint that users have published.
    """
    weight, count = variant["InitialVariantWeight"], variant.get("InitialInstanceCount", 0)
    described = {
        "VariantName": variant["VariantName"],
        "DeployedImages": [_deployed_image(variant)],
        "CurrentWeight": weight,
        "DesiredWeight": variant.get("DesiredWeight", weight),
        "CurrentInstanceCount": count,
    }
    if is_serverless(variant):
        desired = variant.get("DesiredServerlessConfig")
        serverless = {"CurrentServerlessConfig": variant["ServerlessConfig"]}
        return described | serverless | ({"DesiredServerlessConfig": desired} if desired else {})
    return described | {"DesiredInstanceCount": variant.get("DesiredInstanceCount", count)}


def as_desired(variant: Json) -> Json:
    """The variant in service with the weight and the capacity that an update desires of it."""
    desired = {
        "InitialVariantWeight": variant.get("DesiredWeight"),
        "InitialInstanceCount": variant.get("DesiredInstanceCount"),
        "ServerlessConfig": variant.get("DesiredServerlessConfig"),
    }
    return {**as_before(variant), **{name: value for name, value in desired.items() if value is not None}}


def as_before(variant: Json) -> Json:
    """The variant in service without what an update desires of it."""
    return {name: value for name, value in variant.items() if not name.startswith("Desired")}


def pending_summary(variant: Json) -> Json:
    """The PendingProductionVariantSummary of a variant that is being deployed."""
    described = {"VariantName": variant["VariantName"], "DesiredWeight": variant["InitialVariantWeight"]}
    if is_serverless(variant):
        return {**described, "DesiredServerlessConfig": variant["ServerlessConfig"]}
    return {
        **described,
        "DesiredInstanceCount": variant["InitialInstanceCount"],
        "InstanceType": variant["InstanceType"],
    }


def _check(variant: Json) -> None:
    if not variant.get("ModelName"):
        raise invalid("on the embedded cloud a variant must have a ModelName")
    with_instances = [name for name in ("InstanceType", "InitialInstanceCount") if name in variant]
    if not is_serverless(variant):
        if len(with_instances) < 2:
            raise invalid("A variant must have InstanceType and InitialInstanceCount, or ServerlessConfig.")
        return
    if with_instances:
        raise invalid(f"{' and '.join(with_instances)} cannot be specified together with ServerlessConfig.")
    check_serverless(variant["ServerlessConfig"])


def _check_serverless_config(request: Json) -> None:
    """What serverless endpoints do not support.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
    """
    if len(request["ProductionVariants"]) > 1:
        raise invalid("A serverless endpoint supports only one production variant.")
    for feature in ("AsyncInferenceConfig", "DataCaptureConfig", "ShadowProductionVariants", "ExplainerConfig"):
        if feature in request:
            raise invalid(f"A serverless endpoint does not support {feature}.")


def _deployed_image(variant: Json) -> Json:
    """AWS resolves a tag to the image's digest. There is no image here: the digest is a hash of its name."""
    image = variant["Image"]
    registry, slash, tagged = image.rpartition("/")
    repository = f"{registry}{slash}{tagged.partition(':')[0]}"
    digest = hashlib.sha256(image.encode()).hexdigest()
    resolved = image if "@sha256:" in image else f"{repository}@sha256:{digest}"
    return {"SpecifiedImage": image, "ResolvedImage": resolved, "ResolutionTime": variant["LoadedAt"]}
