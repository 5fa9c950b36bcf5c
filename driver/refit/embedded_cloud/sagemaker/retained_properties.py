"""Retains the weights and instance counts of an endpoint in an update to another config.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, Json

# The member of a variant in service for each VariantPropertyType; the data capture settings are stored only.
MEMBERS = {"DesiredInstanceCount": "InitialInstanceCount", "DesiredWeight": "InitialVariantWeight"}


def apply(request: Json, endpoint: Endpoint, config: EndpointConfig) -> list[Json]:
    """The variants to deploy: those of the config, with the properties that an UpdateEndpoint request retains.

    A variant retains the properties of the variant in service that has its name. Raises ApiError.
    """
    variants: list[Json] = config.request["ProductionVariants"]
    excluded = {each["VariantPropertyType"] for each in request.get("ExcludeRetainedVariantProperties", ())}
    if not request.get("RetainAllVariantProperties"):
        if excluded:
            raise invalid("ExcludeRetainedVariantProperties requires RetainAllVariantProperties.")
        return variants
    retained = [member for name, member in MEMBERS.items() if name not in excluded]
    in_service = {variant["VariantName"]: variant for variant in endpoint.variants}
    return [_retain(variant, in_service.get(variant["VariantName"], {}), retained) for variant in variants]


def _retain(variant: Json, old: Json, members: list[str]) -> Json:
    """A member is retained only if the new variant has it too: a serverless variant has no instances."""
    return {**variant, **{member: old[member] for member in members if member in old and member in variant}}
