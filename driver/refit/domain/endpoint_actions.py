"""Decides what a deployment does to the endpoint in each of its statuses: create, update, adopt, replace. Pure.

endpoint_status.py defines what the statuses mean, and when a deployment has completed or failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from refit.domain import messages, resource_names
from refit.domain.endpoint_status import CHANGING, UPDATABLE, target_config
from refit.domain.errors import EndpointBusy, EndpointFailed, ForeignEndpoint, UnknownModel, UnknownStatus


class Action(StrEnum):
    """The action of DeployModel on an endpoint."""

    CREATE = "created"
    UPDATE = "updated"
    ADOPT = "adopted"
    REPLACE = "deleted"


def action(endpoint: Mapping[str, Any] | None, config: str, pipeline: str, *, has_served: bool) -> Action:
    """The action that brings `endpoint` (DescribeEndpoint's response; None if it does not exist) to `config`.

    ADOPT: an earlier attempt of this run has already requested it; GetStatus reports the result. REPLACE: it failed
    before it ever served, and a failed endpoint can only be deleted. `has_served`: `pipeline` has deployed before.
    Raises EndpointBusy during another change, EndpointFailed if a user must decide whether to delete the endpoint,
    ForeignEndpoint if the pipeline has never deployed and the endpoint uses a config that no run of it created, and
    UnknownStatus.
    """
    if endpoint is None:
        return Action.CREATE
    status = _status(endpoint)
    if target_config(endpoint) == config:
        return Action.ADOPT
    if not has_served and not resource_names.is_of_a_run(endpoint["EndpointConfigName"], pipeline):
        raise _foreign(endpoint, pipeline)
    if status in CHANGING:
        raise _busy(endpoint)
    if status in UPDATABLE:
        return Action.UPDATE
    if not has_served:
        return Action.REPLACE
    raise _failed(endpoint)


def serving_config(endpoint: Mapping[str, Any] | None, *, has_served: bool) -> str | None:
    """The config that `endpoint` serves; None if there is no endpoint, or one that failed before it ever served.

    Raises EndpointBusy during a change, EndpointFailed if a user must decide whether to delete the endpoint,
    UnknownModel if it is out of service or serves two configs at once, and UnknownStatus.
    """
    if endpoint is None:
        return None
    status = _status(endpoint)
    if status in CHANGING:
        raise _busy(endpoint)
    if status == "InService":
        return str(endpoint["EndpointConfigName"])
    if status in UPDATABLE:
        raise UnknownModel(f"the endpoint {endpoint['EndpointName']} is {status}, so its live model is unknown")
    if not has_served:
        return None
    raise _failed(endpoint)


def _status(endpoint: Mapping[str, Any]) -> str:
    """One of CHANGING, UPDATABLE or Failed. An endpoint that is being deleted is busy until it is gone."""
    name, status = endpoint["EndpointName"], str(endpoint["EndpointStatus"])
    if status == "Deleting":
        raise EndpointBusy(messages.ENDPOINT_DELETING.format(endpoint=name))
    if status not in CHANGING | UPDATABLE | {"Failed"}:
        raise UnknownStatus(messages.UNKNOWN_ENDPOINT_STATUS.format(endpoint=name, status=status))
    return status


def _busy(endpoint: Mapping[str, Any]) -> EndpointBusy:
    name, status = endpoint["EndpointName"], endpoint["EndpointStatus"]
    return EndpointBusy(messages.ENDPOINT_BUSY.format(endpoint=name, status=status, target=target_config(endpoint)))


def _foreign(endpoint: Mapping[str, Any], pipeline: str) -> ForeignEndpoint:
    name, current = endpoint["EndpointName"], endpoint["EndpointConfigName"]
    return ForeignEndpoint(messages.FOREIGN_ENDPOINT.format(endpoint=name, current=current, pipeline=pipeline))


def _failed(endpoint: Mapping[str, Any]) -> EndpointFailed:
    reason = endpoint.get("FailureReason") or messages.NO_REASON
    return EndpointFailed(messages.ENDPOINT_FAILED.format(endpoint=endpoint["EndpointName"], reason=reason))
