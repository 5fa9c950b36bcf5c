"""What the statuses of an endpoint mean, and what may be done in each. Pure.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from refit.domain import resource_names
from refit.domain.errors import EndpointBusy, EndpointFailed, ForeignEndpoint, UnknownModel, UnknownStatus

CHANGING = frozenset({"Creating", "Updating", "SystemUpdating", "RollingBack"})
"""SageMaker is at work, and refuses any other change until it is done."""

UPDATABLE = frozenset({"InService", "OutOfService", "UpdateRollbackFailed"})
"""At rest, and open to UpdateEndpoint."""


class Action(StrEnum):
    """What DeployModel does about an endpoint."""

    CREATE = "created"
    UPDATE = "updated"
    ADOPT = "adopted"
    REPLACE = "deleted"


def target_config(endpoint: Mapping[str, Any]) -> str:
    """The endpoint config that an endpoint is being changed to, or rests on.

    PendingDeploymentSummary is there only while a create or an update runs.
    """
    pending = endpoint.get("PendingDeploymentSummary") or {}
    return str(pending.get("EndpointConfigName") or endpoint["EndpointConfigName"])


def action(endpoint: Mapping[str, Any] | None, config: str, pipeline: str, *, has_served: bool) -> Action:
    """What brings `endpoint` (as DescribeEndpoint answers; None = there is none) to `config`, made by `pipeline`.

    ADOPT: an earlier attempt of this run has already asked for it; GetStatus judges how that ends. REPLACE: it failed
    and never served, and a failed endpoint can only be deleted. Raises EndpointBusy while somebody else's change runs,
    EndpointFailed when deleting is a person's decision, ForeignEndpoint when the pipeline has never deployed and finds
    an endpoint on a config that is not its own, UnknownStatus.
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
    """The config that `endpoint` serves; None when there is no endpoint, or one that failed and never served.

    Raises EndpointBusy while that is changing, EndpointFailed when deleting is a person's decision, UnknownModel for an
    endpoint that is out of service or serves two configs at once, UnknownStatus.
    """
    if endpoint is None:
        return None
    status = _status(endpoint)
    if status in CHANGING:
        raise _busy(endpoint)
    if status == "InService":
        return str(endpoint["EndpointConfigName"])
    if status in UPDATABLE:
        raise UnknownModel(f"the endpoint {endpoint['EndpointName']} is {status}: which model serves cannot be told")
    if not has_served:
        return None
    raise _failed(endpoint)


def _status(endpoint: Mapping[str, Any]) -> str:
    """One of CHANGING, UPDATABLE or Failed. An endpoint that is being deleted is soon none, and busy until then."""
    name, status = endpoint["EndpointName"], str(endpoint["EndpointStatus"])
    if status == "Deleting":
        raise EndpointBusy(f"the endpoint {name} is being deleted")
    if status not in CHANGING | UPDATABLE | {"Failed"}:
        raise UnknownStatus(f"the endpoint {name} is {status}")
    return status


def _busy(endpoint: Mapping[str, Any]) -> EndpointBusy:
    towards = target_config(endpoint)
    return EndpointBusy(f"the endpoint {endpoint['EndpointName']} is {endpoint['EndpointStatus']}, towards {towards}")


def _foreign(endpoint: Mapping[str, Any], pipeline: str) -> ForeignEndpoint:
    return ForeignEndpoint(
        f"the endpoint {endpoint['EndpointName']} is on {endpoint['EndpointConfigName']}, which no run of {pipeline} "
        f"made, and {pipeline} has deployed nothing yet: give the pipeline another endpoint.name, or delete the "
        "endpoint; to let the pipeline take it over, set the watermark to a day before its data"
    )


def _failed(endpoint: Mapping[str, Any]) -> EndpointFailed:
    why = endpoint.get("FailureReason") or "SageMaker gives no reason"
    return EndpointFailed(
        f"the endpoint {endpoint['EndpointName']} is Failed ({why}) and served before; "
        "SageMaker lets it only be deleted, which ends its service: delete it, then start a run with force"
    )
