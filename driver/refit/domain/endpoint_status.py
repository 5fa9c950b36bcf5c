"""An endpoint's status → what a run makes of it. Pure, total: an unknown status is an error, never a guess.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from refit.domain.endpoint_actions import target_config
from refit.domain.errors import UnknownStatus
from refit.domain.formatting import counted
from refit.domain.outcomes import DEPLOYMENT_COMPLETED, DEPLOYMENT_FAILED, IN_PROGRESS
from refit.domain.run_document import Status

ENDPOINT = {
    "Creating": IN_PROGRESS,
    "Updating": IN_PROGRESS,
    "SystemUpdating": IN_PROGRESS,
    "RollingBack": IN_PROGRESS,
    # On the requested config only: of_endpoint looks.
    "InService": DEPLOYMENT_COMPLETED,
    "OutOfService": DEPLOYMENT_FAILED,
    "Failed": DEPLOYMENT_FAILED,
    "Deleting": DEPLOYMENT_FAILED,
    "UpdateRollbackFailed": DEPLOYMENT_FAILED,
}
EXPLAINED = {
    "OutOfService": "the endpoint is out of service",
    "Deleting": "the endpoint is being deleted",
    "UpdateRollbackFailed": "the update failed, and so did its roll-back: old and new models serve side by side",
}

MISSING: Status = {"state": DEPLOYMENT_FAILED, "detail": "Missing", "reason": "the endpoint does not exist any more"}


def of_endpoint(endpoint: Mapping[str, Any], config: str, age: timedelta, timeout: timedelta) -> Status:
    """DescribeEndpoint's answer → the verdict on a deployment of `config` that began `age` ago.

    Complete means InService on that very config: a failed update ends InService too, on the old one, often without a
    reason (hashicorp/terraform-provider-aws#46663). While it is still on its way to that config it is in progress,
    whatever the status says. One that takes longer than `timeout` has failed.
    """
    name, status, current = endpoint["EndpointName"], endpoint["EndpointStatus"], endpoint["EndpointConfigName"]
    if status not in ENDPOINT:
        raise UnknownStatus(f"the endpoint {name} is {status}")
    verdict: Status = {"state": ENDPOINT[status], "detail": status, "reason": ""}
    if status == "InService" and current != config and target_config(endpoint) == config:
        verdict["state"] = IN_PROGRESS
    given = endpoint.get("FailureReason")
    if verdict["state"] == DEPLOYMENT_FAILED:
        verdict["reason"] = given or EXPLAINED.get(status, "SageMaker gives no reason")
    elif verdict["state"] == DEPLOYMENT_COMPLETED and current != config:
        why = given or "SageMaker gives no reason; the endpoint's own log may"
        verdict |= {"state": DEPLOYMENT_FAILED, "reason": f"rolled back: {name} serves {current}, not {config} ({why})"}
    elif verdict["state"] == IN_PROGRESS and age > timeout:
        verdict |= {"state": DEPLOYMENT_FAILED, "reason": f"{name} is still {status} after {_minutes(timeout)}"}
    return verdict


def _minutes(timeout: timedelta) -> str:
    return counted(int(timeout.total_seconds() // 60), "minute")
