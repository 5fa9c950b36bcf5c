"""GetStatus: how the training job, or once there is one the deployment, stands.

It changes nothing, except that it stops a training job that has taken too long: nobody would wait for it any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from botocore.exceptions import ClientError

from lambdas import clients, lookup, refusals, verdicts
from lambdas.boundary import state
from lambdas.contract import JOB_FAILED, Deployment, Run, Status, Training
from lambdas.window import parse_instant


@state("GetStatus", outcome="state")
def handler(event: dict[str, Any], context: Any) -> Status:
    """`{run, now, settings}` → the verdict. Raises UnknownStatus."""
    run: Run = event["run"]
    settings = event["settings"]
    deployment = run.get("deployment")
    if deployment is None:
        return _trained(run["training"], event["now"], timedelta(minutes=settings["training_timeout_minutes"]))
    timeout = timedelta(minutes=settings["deployment_timeout_minutes"])
    verdict = _deployed(deployment, event["now"], timeout)
    # The verdict takes the place of the training job's in the document, and must not lose what that one told.
    trained = {key: value for key, value in run.get("status", {}).items() if key in verdicts.OF_TRAINING}
    return cast(Status, {**trained, **verdict})


def _trained(training: Training, now: str, timeout: timedelta) -> Status:
    name, sagemaker = training["job"], clients.sagemaker()
    age = parse_instant(now) - parse_instant(training["asked_at"])
    job = sagemaker.describe_training_job(TrainingJobName=name)
    verdict = verdicts.of_training(job, age, timeout)
    if verdict["state"] != JOB_FAILED or job["TrainingJobStatus"] != "InProgress":
        return verdict
    try:
        sagemaker.stop_training_job(TrainingJobName=name)
    except ClientError as error:
        if not refusals.job_has_ended(error):
            raise
        return verdicts.of_training(sagemaker.describe_training_job(TrainingJobName=name), age, timeout)
    return verdict | {"reason": f"{verdict['reason']}, and was stopped"}


def _deployed(deployment: Deployment, now: str, timeout: timedelta) -> Status:
    endpoint = lookup.endpoint(deployment["endpoint"])
    if endpoint is None:
        return verdicts.MISSING
    age = parse_instant(now) - parse_instant(deployment["started_at"])
    return verdicts.of_endpoint(endpoint, deployment["endpoint_config"], age, timeout)
