"""DeployModel: creates the run's model and endpoint config, and creates or updates the endpoint.

A redeployment and a rollback only create the config, for the model of an earlier run. The handler does not wait for the
endpoint: GetStatus polls for the result. It adopts only what an earlier attempt of this run created.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients, lease
from lambdas.aws.errors import message
from lambdas.aws.handler import state
from lambdas.sagemaker import create_or_adopt, error_messages, lookup, requests
from refit.domain import endpoint_config, resource_names
from refit.domain.endpoint_actions import Action, action
from refit.domain.errors import EndpointBusy, NotVisibleYet, QuotaInUse, StateError
from refit.domain.run_document import Deployment, Run
from refit.domain.window import instant_text, parse_instant


@state("DeployModel", outcome="action")
def handler(event: dict[str, Any], context: Any) -> Deployment:
    """`{run, now, settings}` → the names of the requested resources, the action, and when the deployment started.

    Raises EndpointBusy, NotVisibleYet and QuotaInUse (retry later), EndpointFailed and ForeignEndpoint (a user must
    act), LeaseLost, NameConflict.
    """
    lease.require(event["run"])
    try:
        return _deploy(event["run"], event["now"], event["settings"])
    except ClientError as error:
        if transient := _transient(error, event["run"]):
            raise transient from error
        raise


def _deploy(run: Run, now: str, settings: Mapping[str, Any]) -> Deployment:
    if "model" not in run:
        create_or_adopt.model(run, settings)
    create_or_adopt.endpoint_config(run, settings)

    endpoint = lookup.endpoint(run["endpoint"])
    has_served = "model" in run or run["watermark"] is not None
    chosen = action(endpoint, run["name"], run["pipeline"], has_served=has_served)
    # The calls before may have taken a while: the run may have been stopped, and another one started.
    lease.require(run)
    _change(chosen, endpoint, run, settings)
    if chosen is Action.REPLACE:
        raise EndpointBusy(f"the endpoint {run['endpoint']} failed before it ever served, and is being deleted")
    return {
        "model": requests.model_name(run),
        "endpoint_config": run["name"],
        "endpoint": run["endpoint"],
        "action": chosen,
        "started_at": _started_at(now, lookup.endpoint(run["endpoint"])),
    }


def _transient(error: ClientError, run: Run) -> StateError | None:
    """The error that the state machine retries, if a later attempt may succeed; otherwise None."""
    if error_messages.already_exists(error) or error_messages.in_progress(error):
        return EndpointBusy(f"the endpoint {run['endpoint']} was changed by another caller at the same time")
    if error_messages.not_visible_yet(error, run["name"]):
        return NotVisibleYet(message(error))
    return QuotaInUse(message(error)) if error_messages.quota_in_use(error) else None


def _change(chosen: Action, endpoint: Mapping[str, Any] | None, run: Run, settings: Mapping[str, Any]) -> None:
    sagemaker, name, config = clients.sagemaker(), run["endpoint"], run["name"]
    if chosen is Action.CREATE:
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config, Tags=run["tags"])
    elif chosen is Action.UPDATE and endpoint is not None:
        guardrails = settings["deployment_config"]
        sagemaker.update_endpoint(
            EndpointName=name,
            EndpointConfigName=config,
            RetainAllVariantProperties=_has_same_capacity(endpoint["EndpointConfigName"], run, settings),
            **({"DeploymentConfig": guardrails} if guardrails else {}),
        )
    elif chosen is Action.REPLACE:
        sagemaker.delete_endpoint(EndpointName=name)


def _has_same_capacity(current: str, run: Run, settings: Mapping[str, Any]) -> bool:
    """Whether the config in use requests the same capacity as this run's.

    False for a config that no run of this pipeline created, because we may neither keep nor read it, and for one that
    was deleted: its endpoint keeps serving, but the capacity that the config requested is unknown.
    """
    config = lookup.endpoint_config(current) if resource_names.is_of_a_run(current, run["pipeline"]) else None
    return config is not None and endpoint_config.same_capacity(config, requests.config_request(run, settings))


def _started_at(now: str, endpoint: Mapping[str, Any] | None) -> str:
    """When the deployment started. After a wait for a busy endpoint, that is later than when the state was entered."""
    entered = parse_instant(now)
    return instant_text(max(entered, endpoint["LastModifiedTime"]) if endpoint else entered)
