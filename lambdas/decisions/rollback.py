"""Decides whether the model of an earlier run can be deployed again, and needs to be. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.decisions import run_document
from lambdas.sagemaker import lookup
from refit.domain import endpoint_actions, endpoint_config, resource_names
from refit.domain.endpoint_config import Identity
from refit.domain.errors import UnknownModel
from refit.domain.outcomes import NOTHING_TO_REDEPLOY, ROLLBACK
from refit.domain.run_document import Run


def decide(run: Run, settings: Mapping[str, Any], model: str) -> Run:
    """CheckData's document of a rollback to `model`: `run` with the decision.

    Unlike a redeployment, a rollback does not depend on the live model: the reason for it may be an endpoint that is
    missing, has failed or is only partly rolled back. If the endpoint already serves the model with the pipeline's
    settings, there is nothing to do, so that a rollback can be repeated.

    Raises UnknownModel for a model that no run of this pipeline created or that was deleted, and the errors of
    DeployModel: EndpointBusy, EndpointFailed, ForeignEndpoint and UnknownStatus.
    """
    pipeline = run["pipeline"]
    if not resource_names.is_of_a_run(model, pipeline):
        raise UnknownModel(f"{model} is not the name of a model that a run of {pipeline} created")
    if lookup.model(model) is None:
        raise UnknownModel(f"the model {model} does not exist in SageMaker, or was deleted")
    wanted = endpoint_config.identity(endpoint_config.request(run["name"], model, settings))
    instances = ", ".join(map(str, wanted))
    decided = run_document.deploying(run, ROLLBACK, f"restoring {model} on {instances}", model)
    endpoint = lookup.endpoint(run["endpoint"])
    endpoint_actions.action(endpoint, decided["name"], pipeline, has_served=run["watermark"] is not None)
    if endpoint is not None and _live(endpoint, pipeline) == wanted:
        return run_document.decided(run, NOTHING_TO_REDEPLOY, f"{model} already runs on {instances}")
    return decided


def _live(endpoint: Mapping[str, Any], pipeline: str) -> Identity:
    """The identity of the config in service; empty for a config that no run created or that was deleted."""
    config = str(endpoint["EndpointConfigName"])
    if endpoint["EndpointStatus"] != "InService" or not resource_names.is_of_a_run(config, pipeline):
        return ()
    found = lookup.endpoint_config(config)
    return endpoint_config.identity(found) if found is not None else ()
