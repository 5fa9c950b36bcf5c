"""Implements UpdateEndpointWeightsAndCapacities: changes the traffic and the capacity of variants in service.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import catalog, deployment, endpoints, production_variants, store
from refit.embedded_cloud.sagemaker.errors import invalid
from refit.embedded_cloud.sagemaker.resources import Endpoint, Json
from refit.embedded_cloud.sagemaker.scope import Scope


def update(request: Json, scope: Scope) -> Json:
    """Returns immediately; the endpoint is Updating until the new weights and capacities are in force.

    Raises ApiError, with the words of AWS that moto has recorded for unknown and repeated variants.
    https://github.com/getmoto/moto/blob/5.0.0/tests/test_sagemaker/test_sagemaker_endpoint.py
    """
    changes: list[Json] = request["DesiredWeightsAndCapacities"]
    with store.lock:
        endpoint = catalog.requested(Endpoint, request, scope)
        endpoints.check_change(endpoint)
        in_service = {variant["VariantName"]: variant for variant in endpoint.variants}
        names = [change["VariantName"] for change in changes]
        for name in names:
            if names.count(name) > 1:
                raise invalid(f'The variant name "{name}" was non-unique within the request.')
        if unknown := [name for name in names if name not in in_service]:
            raise invalid(
                f'The variant name(s) "{", ".join(unknown)}" is/are not present within endpoint configuration '
                f'"{endpoint.config}".'
            )
        desired = {change["VariantName"]: _desired(change, in_service[change["VariantName"]]) for change in changes}
        endpoints.begin_change(endpoint)
        for name, members in desired.items():
            in_service[name].update(members)
    deployment.scale(endpoint)
    return {"EndpointArn": endpoint.arn}


def _desired(change: Json, variant: Json) -> Json:
    """The members with what is desired of a variant. Raises ApiError for a capacity that its kind does not have."""
    desired: Json = {name: change[name] for name in ("DesiredWeight", "DesiredInstanceCount") if name in change}
    serverless = change.get("ServerlessUpdateConfig")
    if production_variants.is_serverless(variant):
        if "DesiredInstanceCount" in change:
            raise invalid("DesiredInstanceCount cannot be specified for a serverless variant.")
        if serverless:
            desired["DesiredServerlessConfig"] = {**variant["ServerlessConfig"], **serverless}
            production_variants.check_serverless(desired["DesiredServerlessConfig"])
    elif serverless:
        raise invalid("ServerlessUpdateConfig can be specified only for a serverless variant.")
    return desired
