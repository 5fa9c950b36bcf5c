"""DeployModel: makes the run's model and endpoint config, and asks SageMaker to bring the endpoint to them.

A redeployment and a rollback make the config alone, for a model of an earlier run. It does not wait: GetStatus judges.
What an earlier attempt of this run made is adopted, nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients, lease
from lambdas.aws.errors import message
from lambdas.aws.handler import state
from lambdas.sagemaker import create_or_adopt, error_messages, lookup, requests
from refit.domain import resource_names
from refit.domain.endpoint_actions import Action, action
from refit.domain.errors import EndpointBusy, NotVisibleYet, QuotaInUse, StateError
from refit.domain.run_document import Deployment, Run
from refit.domain.window import instant_text, parse_instant


@state("DeployModel", outcome="action")
def handler(event: dict[str, Any], context: Any) -> Deployment:
    """`{run, now, settings}` → what was asked of SageMaker, and from when on it counts.

    Raises EndpointBusy, NotVisibleYet and QuotaInUse (ask again later), EndpointFailed and ForeignEndpoint (a person
    must decide), LeaseLost, NameConflict.
    """
    lease.require(event["run"])
    try:
        return _deploy(event["run"], event["now"], event["settings"])
    except ClientError as error:
        if passing := _passing(error, event["run"]):
            raise passing from error
        raise


def _deploy(run: Run, now: str, settings: Mapping[str, Any]) -> Deployment:
    if "model" not in run:
        create_or_adopt.model(run, settings)
    create_or_adopt.endpoint_config(run, settings)

    endpoint = lookup.endpoint(run["endpoint"])
    has_served = "model" in run or run["watermark"] is not None
    decided = action(endpoint, run["name"], run["pipeline"], has_served=has_served)
    _change(decided, endpoint, run, settings)
    if decided is Action.REPLACE:
        raise EndpointBusy(f"the endpoint {run['endpoint']} had failed before it ever served, and is being deleted")
    return {
        "model": requests.model_name(run),
        "endpoint_config": run["name"],
        "endpoint": run["endpoint"],
        "action": decided,
        "started_at": _started_at(now, lookup.endpoint(run["endpoint"])),
    }


def _passing(error: ClientError, run: Run) -> StateError | None:
    """What SageMaker's refusal is if a later attempt may be taken; None if it stays what it is."""
    if error_messages.already_exists(error) or error_messages.in_progress(error):
        return EndpointBusy(f"the endpoint {run['endpoint']} was changed by somebody else just now")
    if error_messages.not_visible_yet(error, run["name"]):
        return NotVisibleYet(message(error))
    return QuotaInUse(message(error)) if error_messages.quota_in_use(error) else None


def _change(decided: Action, endpoint: Mapping[str, Any] | None, run: Run, settings: Mapping[str, Any]) -> None:
    sagemaker, name, config = clients.sagemaker(), run["endpoint"], run["name"]
    if decided is Action.CREATE:
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, Tags=run["tags"])
    elif decided is Action.UPDATE and endpoint is not None:
        guardrails = settings["deployment_config"]
        sagemaker.update_endpoint(
            EndpointName=name,
            EndpointConfigName=config,
            RetainAllVariantProperties=_is_same_fleet(endpoint["EndpointConfigName"], run, settings),
            **({"DeploymentConfig": guardrails} if guardrails else {}),
        )
    elif decided is Action.REPLACE:
        sagemaker.delete_endpoint(EndpointName=name)


def _is_same_fleet(current: str, run: Run, settings: Mapping[str, Any]) -> bool:
    """Whether the config in use asks for what this run's does; one that no run made is nobody's to keep, or to read.

    An endpoint serves on when its config was deleted, and then nobody knows what was asked for.
    """
    config = lookup.endpoint_config(current) if resource_names.is_of_a_run(current, run["pipeline"]) else None
    return config is not None and requests.same_fleet(config, requests.config_request(run, settings))


def _started_at(now: str, endpoint: Mapping[str, Any] | None) -> str:
    """When the deployment began: after a wait for a busy endpoint that is later than when the state was entered."""
    entered = parse_instant(now)
    return instant_text(max(entered, endpoint["LastModifiedTime"]) if endpoint else entered)
