"""The statuses of an endpoint: one table of what leads from each to the next.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html#sagemaker-DescribeEndpoint-response-EndpointStatus
"""

from __future__ import annotations

from collections.abc import Mapping

from refit.embedded_cloud.sagemaker.resources import Endpoint

# `update` and `delete` are calls; `lost` is a restart that finds no model to load; the rest are the deployment's.
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

# How many times the least duration of a status each lasts: machines take longer than jobs' phases.
LASTS: Mapping[str, int] = {"Creating": 4, "Updating": 4, "RollingBack": 2, "Deleting": 1}


def move(endpoint: Endpoint, event: str, at: float) -> bool:
    """Takes the endpoint on and says whether the table has a way. Call with the store's lock held."""
    status = NEXT[endpoint.status].get(event)
    if status:
        endpoint.status, endpoint.modified = status, at
    return status is not None
