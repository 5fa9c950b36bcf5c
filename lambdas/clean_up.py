"""CleanUp: after a deployment, deletes the endpoint configs and models of this pipeline's runs that no one needs now.

What may go is retention's to say. A model's artifact in S3 is not touched: DeleteModel deletes SageMaker's entry alone.
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
"""Of one run: what is left is for the next one."""


@state("CleanUp", outcome="models")
def handler(event: dict[str, Any], context: Any) -> Cleanup:
    """`{run, settings: {keep}}` → the names of what this attempt deleted: configs first, so that none is left without
    its model. What somebody else has deleted meanwhile is fine, and is not named. Raises LeaseLost.
    """
    run: Run = event["run"]
    lease.require(run)
    sagemaker, pipeline, asked = clients.sagemaker(), run["pipeline"], _newest(run["pipeline"])
    found = retention.leftovers(
        _made(sagemaker.get_paginator("list_endpoint_configs").paginate(**asked), "EndpointConfig", pipeline),
        _made(sagemaker.get_paginator("list_models").paginate(**asked), "Model", pipeline),
        own=run["name"],
        in_use=_in_use(run["endpoint"]),
        keep=event["settings"]["keep"],
        facts=Queries(deployed=lambda made: _deployed(run, made), models_of=_models_of),
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
    """What the List operations are asked: a run's names begin so, and other pipelines' may hold it."""
    limits = {"MaxItems": MOST_LISTED, "PageSize": 100}
    return {
        "NameContains": f"{pipeline}-",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
        "PaginationConfig": limits,
    }


def _made(pages: Iterable[Mapping[str, Any]], kind: str, pipeline: str) -> Iterator[Resource]:
    """What runs of the pipeline made, of what was listed: EndpointConfig or Model."""
    for page in pages:
        for item in page[f"{kind}s"]:
            if resource_names.is_of_a_run(item[f"{kind}Name"], pipeline):
                yield Resource(item[f"{kind}Name"], item[f"{kind}Arn"], item["CreationTime"])


def _in_use(name: str) -> InUse:
    """What the endpoint serves and is being changed to. It serves on when its config was deleted: who knows what?"""
    endpoint = lookup.endpoint(name)
    if endpoint is None:
        return InUse(frozenset(), frozenset())
    configs = frozenset({str(endpoint["EndpointConfigName"]), target_config(endpoint)})
    models = [_models_of(config) for config in configs]
    return InUse(configs, frozenset().union(*models) if all(models) else None)


def _models_of(config: str) -> frozenset[str]:
    """The models of an endpoint config; none when it was deleted."""
    found = lookup.endpoint_config(config) or {}
    variants = [*found.get("ProductionVariants", ()), *found.get("ShadowProductionVariants", ())]
    return frozenset(variant["ModelName"] for variant in variants if "ModelName" in variant)


def _deployed(run: Run, made: Resource) -> bool | None:
    """Whether the run that made it ended Deployed, by its record; None when there is no record that says so or not."""
    tags = clients.sagemaker().list_tags(ResourceArn=made.arn)["Tags"]
    maker = next((tag["Value"] for tag in tags if tag["Key"] == "refit:run"), None)
    stored = s3.read(run["bucket"], f"runs/{run['pipeline']}/{maker}/record.json") if maker else None
    try:
        return bool(json.loads(stored.body)["end"]["state"] == DEPLOYED) if stored else None
    except (ValueError, KeyError, TypeError):
        return None
