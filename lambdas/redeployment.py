"""Which model serves, and whether the pipeline wants it on other instances. Asks SageMaker and changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lambdas import endpoints, lookup, names
from lambdas.contract import NOTHING_TO_REDEPLOY, REDEPLOY, Run, UnknownModel


class Fleet(NamedTuple):
    """What a redeployment changes: the type and the number of the instances."""

    instance_type: str
    instance_count: int

    def __str__(self) -> str:
        return f"{self.instance_count} × {self.instance_type}"


def decide(run: Run, settings: Mapping[str, Any]) -> Run:
    """CheckData's document of a redeployment: `run` with what is to be done, and the model to do it with.

    Without anything deployed there is nothing to do, and that is a success: people were told of a run that trains
    nothing, so none that trains is started in its stead, and whichever run deploys first goes by the new settings. An
    endpoint that has these settings already is left alone, so that a redeployment can be repeated.

    Raises EndpointBusy and EndpointFailed as DeployModel does, UnknownStatus, and UnknownModel when what serves is not
    the model of a run of this pipeline: to replace it would be no redeployment.
    """
    name, wanted = run["endpoint"], Fleet(settings["instance_type"], settings["instance_count"])
    config = endpoints.serving_config(lookup.endpoint(name), served_before=run["watermark"] is not None)
    if config is None:
        return _nothing(run, f"the endpoint {name} serves no model yet; the first one goes by the new settings")
    model, present = _served(name, config, run["pipeline"])
    if present == wanted:
        return _nothing(run, f"{model} serves on {present} already")
    return {
        **run,
        "outcome": REDEPLOY,
        "reason": f"{model} serves on {present} and is to serve on {wanted}",
        "name": names.of_run(run["pipeline"], names.day_of(model), run["execution_arn"]),
        "model": model,
    }


def _nothing(run: Run, reason: str) -> Run:
    return {**run, "outcome": NOTHING_TO_REDEPLOY, "reason": reason}


def _served(endpoint: str, config: str, pipeline: str) -> tuple[str, Fleet]:
    """The model in the endpoint config `config`, and the instances that it asks for."""
    if not names.is_of_a_run(config, pipeline):
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, which no run of {pipeline} made")
    found = lookup.endpoint_config(config)
    if found is None:
        raise UnknownModel(f"the endpoint {endpoint} serves {config}, and that endpoint config was deleted")
    variants = found["ProductionVariants"]
    models = [str(variant.get("ModelName")) for variant in variants]
    if len(models) != 1 or not names.is_of_a_run(models[0], pipeline):
        raise UnknownModel(
            f"the endpoint {endpoint} serves {', '.join(models)}: not the one model of a run of {pipeline}"
        )
    return models[0], Fleet(variants[0].get("InstanceType"), variants[0].get("InitialInstanceCount"))
