"""CleanUp: deletes the endpoint configs and models that are no longer needed after a deployment.

lambdas/sagemaker/retention.py decides which. A model's artifact in S3 is kept: DeleteModel only deletes the model in
SageMaker.
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients, lease, s3
from lambdas.aws.handler import state
from lambdas.sagemaker import error_messages, lookup, retention
from lambdas.sagemaker.retention import InUse, Queries, Resource
from refit.domain import resource_names
from refit.domain.endpoint_status import target_config
from refit.domain.outcomes import DEPLOYED
from refit.domain.run_document import Cleanup, Run

MOST_LISTED = 2000
MOST_DELETED = 100
"""The maximum number of resources that one run deletes; the next run deletes the rest."""


@state("CleanUp", outcome="models")
def handler(event: dict[str, Any], context: Any) -> Cleanup:
    """`{run, settings: {keep}}` → the names of the resources that this attempt deleted.

    Deletes configs first, so that no config is left without its model. Skips resources that were deleted meanwhile.
    Raises LeaseLost.
    """
    run: Run = event["run"]
    lease.require(run)
    sagemaker, pipeline, newest = clients.sagemaker(), run["pipeline"], _newest(run["pipeline"])
    found = retention.deletable(
        _of_runs(sagemaker.get_paginator("list_endpoint_configs").paginate(**newest), "EndpointConfig", pipeline),
        _of_runs(sagemaker.get_paginator("list_models").paginate(**newest), "Model", pipeline),
        own=run["name"],
        in_use=_in_use(run["endpoint"]),
        keep=event["settings"]["keep"],
        queries=Queries(deployed=lambda resource: _deployed(run, resource), models_of=_models_of),
    )
    configs = found.configs[:MOST_DELETED]
    return {
        "endpoint_configs": _delete(
            configs,
            lambda name: sagemaker.delete_endpoint_config(EndpointConfigName=name),
            error_messages.endpoint_config_missing,
        ),
        "models": _delete(
            found.models[: MOST_DELETED - len(configs)],
            lambda name: sagemaker.delete_model(ModelName=name),
            error_messages.model_missing,
        ),
    }


def _delete(
    chosen: Sequence[str], delete: Callable[[str], object], missing: Callable[[ClientError], bool]
) -> list[str]:
    deleted = []
    for name in chosen:
        try:
            delete(name)
        except ClientError as error:
            if not missing(error):
                raise
        else:
            deleted.append(name)
    return deleted


def _newest(pipeline: str) -> dict[str, Any]:
    """Parameters to list the newest resources whose names contain the pipeline's; some may be other pipelines'."""
    limits = {"MaxItems": MOST_LISTED, "PageSize": 100}
    return {
        "NameContains": f"{pipeline}-",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
        "PaginationConfig": limits,
    }


def _of_runs(pages: Iterable[Mapping[str, Any]], kind: str, pipeline: str) -> Iterator[Resource]:
    """The listed resources (`kind` is EndpointConfig or Model) that runs of the pipeline created."""
    for page in pages:
        for item in page[f"{kind}s"]:
            if resource_names.is_of_a_run(item[f"{kind}Name"], pipeline):
                yield Resource(item[f"{kind}Name"], item[f"{kind}Arn"], item["CreationTime"])


def _in_use(name: str) -> InUse:
    """The configs and models that the endpoint serves or is changing to; models are unknown if a config was deleted."""
    endpoint = lookup.endpoint(name)
    if endpoint is None:
        return InUse(frozenset(), frozenset())
    configs = frozenset({str(endpoint["EndpointConfigName"]), target_config(endpoint)}) - {""}
    models = [_models_of(config) for config in configs]
    return InUse(configs, frozenset().union(*models) if all(models) else None)


def _models_of(config: str) -> frozenset[str]:
    """The models of an endpoint config; empty if it was deleted."""
    found = lookup.endpoint_config(config) or {}
    variants = [*found.get("ProductionVariants", ()), *found.get("ShadowProductionVariants", ())]
    return frozenset(variant["ModelName"] for variant in variants if "ModelName" in variant)


def _deployed(run: Run, resource: Resource) -> bool | None:
    """Whether the run that created the resource ended in Deployed; None if it has no readable record."""
    tags = clients.sagemaker().list_tags(ResourceArn=resource.arn).get("Tags", [])
    creator = next((tag["Value"] for tag in tags if tag["Key"] == "refit:run"), None)
    stored = s3.read(run["bucket"], f"runs/{run['pipeline']}/{creator}/record.json") if creator else None
    try:
        return bool(json.loads(stored.body)["end"]["state"] == DEPLOYED) if stored else None
    except (ValueError, KeyError, TypeError):
        return None
