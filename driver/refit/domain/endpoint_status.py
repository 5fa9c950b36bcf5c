"""Maps an endpoint's status to the state of a deployment. Pure. An unknown status is an error, never a guess.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from refit.domain import messages
from refit.domain.errors import UnknownStatus
from refit.domain.formatting import minutes
from refit.domain.outcomes import DEPLOYMENT_COMPLETED, DEPLOYMENT_FAILED, IN_PROGRESS
from refit.domain.run_document import Status

CHANGING = frozenset({"Creating", "Updating", "SystemUpdating", "RollingBack"})
"""SageMaker is changing the endpoint, and rejects any other change until it is done."""

UPDATABLE = frozenset({"InService", "OutOfService", "UpdateRollbackFailed"})
"""No change is in progress, and UpdateEndpoint is allowed."""

ENDPOINT_STATES = {
    **dict.fromkeys(sorted(CHANGING), IN_PROGRESS),
    # Only if it is on the requested config, which of_endpoint checks.
    "InService": DEPLOYMENT_COMPLETED,
    "OutOfService": DEPLOYMENT_FAILED,
    "Failed": DEPLOYMENT_FAILED,
    "Deleting": DEPLOYMENT_FAILED,
    "UpdateRollbackFailed": DEPLOYMENT_FAILED,
}
"""The state of a deployment for each status of its endpoint."""

ENDPOINT_REASONS = {
    "OutOfService": "the endpoint is out of service",
    "Deleting": "the endpoint is being deleted",
    "UpdateRollbackFailed": "the update failed, and so did its rollback: old and new models serve side by side",
}
"""The reason to report for a status when SageMaker gives none."""

MISSING: Status = {"state": DEPLOYMENT_FAILED, "detail": "Missing", "reason": messages.ENDPOINT_GONE}

NOT_VISIBLE: Status = {"state": IN_PROGRESS, "detail": "Missing", "reason": ""}

VISIBILITY_SECONDS = 60
"""How long DescribeEndpoint may still describe the endpoint as it was before a change, or not find a new one.

Its reads are eventually consistent: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
"""


def target_config(endpoint: Mapping[str, Any]) -> str:
    """The endpoint config that an endpoint is changing to, or is on if no change is in progress.

    PendingDeploymentSummary exists only during a create or an update.
    """
    pending = endpoint.get("PendingDeploymentSummary") or {}
    return str(pending.get("EndpointConfigName") or endpoint["EndpointConfigName"])


def of_missing(now: datetime, started_at: datetime, *, created: bool) -> Status:
    """The status at `now` of a deployment whose endpoint is not found; `created`: the deployment created it."""
    return NOT_VISIBLE if created and now - started_at < timedelta(seconds=VISIBILITY_SECONDS) else MISSING


def of_endpoint(
    endpoint: Mapping[str, Any], config: str, now: datetime, started_at: datetime, timeout: timedelta
) -> Status:
    """The status at `now` of a deployment of `config` that started at `started_at`, from DescribeEndpoint's response.

    A deployment is complete when the endpoint is InService on `config`: after a failed update it is InService too, on
    the old config, often without a reason (hashicorp/terraform-provider-aws#46663). While it is changing to `config`
    the deployment is in progress, whatever the status, and also while the response is from before the deployment. One
    that takes longer than `timeout` has failed.
    Raises UnknownStatus.
    """
    name, status, current = endpoint["EndpointName"], endpoint["EndpointStatus"], endpoint["EndpointConfigName"]
    if status not in ENDPOINT_STATES:
        raise UnknownStatus(messages.UNKNOWN_ENDPOINT_STATUS.format(endpoint=name, status=status))
    verdict: Status = {"state": ENDPOINT_STATES[status], "detail": status, "reason": ""}
    moving = status == "InService" and current != config and target_config(endpoint) == config
    if moving or _is_outdated(endpoint, config, now, started_at):
        verdict["state"] = IN_PROGRESS
    given = endpoint.get("FailureReason")
    if verdict["state"] == DEPLOYMENT_FAILED:
        verdict["reason"] = (
            given or ENDPOINT_REASONS.get(status) or messages.ENDPOINT_NOT_IN_SERVICE.format(status=status)
        )
    elif verdict["state"] == DEPLOYMENT_COMPLETED and current != config:
        reason = given or messages.SEE_ENDPOINT_LOG
        rolled_back = messages.ROLLED_BACK.format(endpoint=name, current=current, config=config, reason=reason)
        verdict |= {"state": DEPLOYMENT_FAILED, "reason": rolled_back}
    elif verdict["state"] == IN_PROGRESS and now - started_at > timeout:
        late = messages.ENDPOINT_STILL_CHANGING.format(endpoint=name, status=status, limit=minutes(timeout))
        verdict |= {"state": DEPLOYMENT_FAILED, "reason": late}
    return verdict


def _is_outdated(endpoint: Mapping[str, Any], config: str, now: datetime, started_at: datetime) -> bool:
    """Whether the response describes the endpoint as it was before the deployment, which can only be so at first."""
    modified = endpoint.get("LastModifiedTime")
    return (
        target_config(endpoint) != config
        and modified is not None
        and modified < started_at
        and now - started_at < timedelta(seconds=VISIBILITY_SECONDS)
    )
