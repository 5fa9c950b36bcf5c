"""GetStatus: returns the status of the run's training job or, once there is one, of its deployment.

It changes nothing, except that it stops a training job that exceeds its time limit, because the run no longer waits
for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.aws.handler import state
from lambdas.sagemaker import error_messages, lookup
from refit.domain import endpoint_status, training_status
from refit.domain.endpoint_actions import Action
from refit.domain.messages import AND_STOPPED
from refit.domain.outcomes import JOB_FAILED
from refit.domain.run_document import Deployment, Run, Status, Training
from refit.domain.training_status import RESULT_FIELDS, STOPPABLE
from refit.domain.window import parse_instant


@state("GetStatus", outcome="state")
def handler(event: dict[str, Any], context: Any) -> Status:
    """`{run, now, settings}` → the status. Raises UnknownStatus."""
    run: Run = event["run"]
    settings = event["settings"]
    deployment = run.get("deployment")
    if deployment is None:
        return _of_training(run["training"], event["now"], settings)
    timeout = timedelta(minutes=settings["deployment_timeout_minutes"])
    status = _of_deployment(deployment, event["now"], timeout)
    # The status replaces the one of the training job in the document, and keeps the results of the job.
    trained = {key: value for key, value in run.get("status", {}).items() if key in RESULT_FIELDS}
    return cast(Status, {**trained, **status})


def _of_training(training: Training, now: str, settings: Mapping[str, Any]) -> Status:
    name, sagemaker = training["job"], clients.sagemaker()
    timeout = timedelta(minutes=settings["training_timeout_minutes"])
    times = parse_instant(now), parse_instant(training["asked_at"]), timeout
    job = sagemaker.describe_training_job(TrainingJobName=name)
    status = training_status.of_training(job, *times, settings["awaited_metrics"])
    if status["state"] != JOB_FAILED or job["TrainingJobStatus"] not in STOPPABLE:
        return status
    try:
        sagemaker.stop_training_job(TrainingJobName=name)
    except ClientError as error:
        if not error_messages.job_has_ended(error):
            raise
        job = sagemaker.describe_training_job(TrainingJobName=name)
        return training_status.of_training(job, *times, settings["awaited_metrics"])
    return status | {"reason": status["reason"] + AND_STOPPED}


def _of_deployment(deployment: Deployment, now: str, timeout: timedelta) -> Status:
    endpoint = lookup.endpoint(deployment["endpoint"])
    times = parse_instant(now), parse_instant(deployment["started_at"])
    if endpoint is None:
        return endpoint_status.of_missing(*times, created=deployment["action"] == Action.CREATE)
    return endpoint_status.of_endpoint(endpoint, deployment["endpoint_config"], *times, timeout)
