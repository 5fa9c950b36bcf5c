"""Which model serves, and whether the pipeline wants it on other instances. Asks SageMaker and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.decisions import draft
from lambdas.sagemaker import instances, lookup
from lambdas.sagemaker.instances import Fleet
from refit.domain import endpoint_actions, resource_names
from refit.domain.errors import UnknownModel
from refit.domain.outcomes import NOTHING_TO_REDEPLOY, REDEPLOY
from refit.domain.run_document import Run


def decide(run: Run, settings: Mapping[str, Any]) -> Run:
    """CheckData's document of a redeployment: `run` with what is to be done, and the model to do it with.

    Without anything deployed there is nothing to do, and that is a success: people were told of a run that trains
    nothing, so none that trains is started in its stead, and whichever run deploys first goes by the new settings. An
    endpoint that has these settings already is left alone, so that a redeployment can be repeated.

    Raises EndpointBusy and EndpointFailed as DeployModel does, UnknownStatus, and UnknownModel when what serves is not
    the model of a run of this pipeline: to replace it would be no redeployment.
    """
    name, wanted = run["endpoint"], instances.wanted(settings)
    config = endpoint_actions.serving_config(lookup.endpoint(name), has_served=run["watermark"] is not None)
    if config is None:
        none = f"the endpoint {name} serves no model yet; the first one goes by the new settings"
        return draft.decided(run, NOTHING_TO_REDEPLOY, none)
    model, present = _served(name, config, run["pipeline"])
    if present == wanted:
        return draft.decided(run, NOTHING_TO_REDEPLOY, f"{model} serves on {present} already")
    return draft.deploying(run, REDEPLOY, f"{model} serves on {present} and is to serve on {wanted}", model)


def _served(endpoint: str, config: str, pipeline: str) -> tuple[str, Fleet]:
    """The model in the endpoint config `config`, and the instances that it asks for."""
    if not resource_names.is_of_a_run(config, pipeline):
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, which no run of {pipeline} made")
    found = lookup.endpoint_config(config)
    if found is None:
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, and that endpoint config was deleted")
    served = instances.served(found)
    if len(served) != 1 or not resource_names.is_of_a_run(served[0][0], pipeline):
        models = ", ".join(model for model, _ in served)
        raise UnknownModel(f"the endpoint {endpoint} serves {models}: not the one model of a run of {pipeline}")
    return served[0]
