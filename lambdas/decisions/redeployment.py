"""Decides whether the live model needs another deployment because the endpoint's settings changed. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.decisions import run_document
from lambdas.sagemaker import lookup
from refit.domain import endpoint_actions, endpoint_config, resource_names
from refit.domain.endpoint_config import VariantIdentity
from refit.domain.errors import UnknownModel
from refit.domain.outcomes import NOTHING_TO_REDEPLOY, REDEPLOY
from refit.domain.run_document import Run


def decide(run: Run, settings: Mapping[str, Any]) -> Run:
    """CheckData's document of a redeployment: `run` with the decision and the model to deploy again.

    If no model is deployed yet, there is nothing to do, which is a success: the plan announced a run without training,
    so none is started instead, and the next run that deploys uses the new settings. An endpoint that already has these
    settings is left unchanged, so that a redeployment can be repeated.

    Raises EndpointBusy and EndpointFailed as DeployModel does, UnknownStatus, and UnknownModel if the live model does
    not come from a run of this pipeline: replacing it would not be a redeployment.
    """
    name = run["endpoint"]
    config = endpoint_actions.serving_config(lookup.endpoint(name), has_served=run["watermark"] is not None)
    if config is None:
        none = f"the endpoint {name} serves no model yet; the first deployment uses the new settings"
        return run_document.decided(run, NOTHING_TO_REDEPLOY, none)
    model, present = _live(name, config, run["pipeline"])
    (wanted,) = endpoint_config.identity(endpoint_config.request(run["name"], model, settings))
    if present == wanted:
        return run_document.decided(run, NOTHING_TO_REDEPLOY, f"{model} already runs on {present}")
    return run_document.deploying(run, REDEPLOY, f"redeploying {model}: {present} → {wanted}", model)


def _live(endpoint: str, config: str, pipeline: str) -> tuple[str, VariantIdentity]:
    """The only model of the endpoint config `config`, and its variant."""
    if not resource_names.is_of_a_run(config, pipeline):
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, which no run of {pipeline} created")
    found = lookup.endpoint_config(config)
    if found is None:
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, and that endpoint config was deleted")
    variants = endpoint_config.identity(found)
    models = [str(variant.model) for variant in variants]
    if len(variants) != 1 or not resource_names.is_of_a_run(models[0], pipeline):
        raise UnknownModel(
            f"the endpoint {endpoint} serves {', '.join(models)}: not exactly one model of a run of {pipeline}"
        )
    return models[0], variants[0]
