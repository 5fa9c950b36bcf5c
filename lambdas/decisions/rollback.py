"""Whether the model of an earlier run can be deployed again, and has to be. Asks SageMaker and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.decisions import draft
from lambdas.sagemaker import instances, lookup
from refit.domain import endpoint_actions, resource_names
from refit.domain.errors import UnknownModel
from refit.domain.outcomes import NOTHING_TO_REDEPLOY, ROLLBACK
from refit.domain.run_document import Run


def decide(run: Run, settings: Mapping[str, Any], model: str) -> Run:
    """CheckData's document of a rollback to `model`: `run` with what is to be done.

    Unlike a redeployment it does not need to know what serves: an endpoint that is gone, out of service or half rolled
    back is what a rollback may be for. When that model serves already, on the instances that the pipeline asks for,
    there is nothing to do, so that a rollback can be repeated.

    Raises UnknownModel for a model that no run of this pipeline made or that is gone, and what DeployModel would raise:
    EndpointBusy, EndpointFailed, ForeignEndpoint and UnknownStatus.
    """
    pipeline, wanted = run["pipeline"], instances.wanted(settings)
    if not resource_names.is_of_a_run(model, pipeline):
        raise UnknownModel(f"{model} is not the name of a model that a run of {pipeline} made")
    if lookup.model(model) is None:
        raise UnknownModel(f"there is no model {model} in SageMaker, or not any more")
    decided = draft.deploying(run, ROLLBACK, f"{model} is to serve again, on {wanted}", model)
    endpoint = lookup.endpoint(run["endpoint"])
    endpoint_actions.action(endpoint, decided["name"], pipeline, has_served=run["watermark"] is not None)
    if endpoint is not None and _served(endpoint, pipeline) == [(model, wanted)]:
        return draft.decided(run, NOTHING_TO_REDEPLOY, f"{model} serves on {wanted} already")
    return decided


def _served(endpoint: Mapping[str, Any], pipeline: str) -> list[tuple[str, instances.Fleet]]:
    """What an endpoint in service serves; nothing that is known on a config that no run made, or that was deleted."""
    config = str(endpoint["EndpointConfigName"])
    if endpoint["EndpointStatus"] != "InService" or not resource_names.is_of_a_run(config, pipeline):
        return []
    found = lookup.endpoint_config(config)
    return instances.served(found) if found is not None else []
