"""SageMaker's statuses → what a run makes of them. Pure, total: an unknown status is an error, never a guess.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lambdas.contract import (
    DEPLOYMENT_COMPLETED,
    DEPLOYMENT_FAILED,
    IN_PROGRESS,
    JOB_COMPLETED,
    JOB_FAILED,
    Status,
    UnknownStatus,
)
from lambdas.endpoints import heading_for
from lambdas.figures import counted

TRAINING = {
    "InProgress": IN_PROGRESS,
    "Stopping": IN_PROGRESS,
    "Completed": JOB_COMPLETED,
    "Failed": JOB_FAILED,
    # A stopped job may leave a model that saw part of the data; the stock waiter takes it for a success.
    "Stopped": JOB_FAILED,
    "Deleting": JOB_FAILED,
}
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
OF_TRAINING = ("model_data", "metrics", "billable_seconds")
"""What a completed job adds to its verdict."""

MISSING: Status = {"state": DEPLOYMENT_FAILED, "detail": "Missing", "reason": "the endpoint does not exist any more"}


def of_training(job: Mapping[str, Any], age: timedelta, timeout: timedelta) -> Status:
    """DescribeTrainingJob's answer → the verdict on a job that was first asked for `age` ago.

    With the model, its metrics and its cost once it is complete. Metrics that are not finite are left out: JSON, and so
    the state machine, has no word for them. A job that has not ended after `timeout` has failed: SageMaker counts its
    own limit from when the instances run, and may look for instances for hours.
    """
    status, secondary = job["TrainingJobStatus"], job.get("SecondaryStatus", "")
    if status not in TRAINING:
        raise UnknownStatus(f"the training job {job['TrainingJobName']} is {status}")
    verdict: Status = {"state": TRAINING[status], "detail": f"{status}/{secondary}", "reason": ""}
    if verdict["state"] == JOB_COMPLETED:
        metrics = {metric["MetricName"]: metric["Value"] for metric in job.get("FinalMetricDataList", [])}
        verdict["model_data"] = job["ModelArtifacts"]["S3ModelArtifacts"]
        verdict["metrics"] = {name: value for name, value in metrics.items() if math.isfinite(value)}
        verdict["billable_seconds"] = job.get("BillableTimeInSeconds", 0)
    if verdict["state"] == JOB_FAILED:
        verdict["reason"] = job.get("FailureReason") or f"the training job ended {status} ({secondary or 'no detail'})"
    if verdict["state"] == IN_PROGRESS and age > timeout:
        verdict |= {
            "state": JOB_FAILED,
            "reason": f"the training job is still {status} ({secondary or 'no detail'}) after {_minutes(timeout)}",
        }
    return verdict


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
    if status == "InService" and current != config and heading_for(endpoint) == config:
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
