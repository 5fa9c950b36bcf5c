"""The statuses of an endpoint and the transitions between them.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html#sagemaker-DescribeEndpoint-response-EndpointStatus
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.embedded_cloud.sagemaker.resources import Endpoint

# `update` and `delete` are API calls, `lost` is a restart that cannot load the model; the others are deployment events.
NEXT: Mapping[str, Mapping[str, str]] = {
    "Creating": {"loaded": "InService", "not_loaded": "Failed"},
    "InService": {"update": "Updating", "delete": "Deleting", "lost": "Failed"},
    "Updating": {"loaded": "InService", "not_loaded": "RollingBack"},
    "RollingBack": {"rolled_back": "InService"},
    "Failed": {"delete": "Deleting"},
    "Deleting": {},
}
SERVING = frozenset({"InService", "Updating", "RollingBack"})
IN_PROGRESS = frozenset({"Creating", "Updating", "RollingBack", "Deleting"})

# Multiples of the minimum duration of a status: starting instances takes longer than the phases of a job.
DURATIONS: Mapping[str, int] = {"Creating": 4, "Updating": 4, "RollingBack": 2, "Deleting": 1}


def allows(endpoint: Endpoint, event: str) -> bool:
    """Whether the endpoint's status allows an event."""
    return event in NEXT[endpoint.status]


def move(endpoint: Endpoint, event: str, at: float) -> bool:
    """Applies an event; returns False if the endpoint's status does not allow it. The store's lock must be held."""
    status = NEXT[endpoint.status].get(event)
    if status:
        endpoint.status, endpoint.modified = status, at
    return status is not None
