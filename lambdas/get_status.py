"""GetStatus: how the training job, or once there is one the deployment, stands. It changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from lambdas import clients, lookup, verdicts
from lambdas.boundary import state
from lambdas.contract import Deployment, Run, Status
from lambdas.window import parse_instant


@state("GetStatus", outcome="state")
def handler(event: dict[str, Any], context: Any) -> Status:
    """`{run, now, settings}` → the verdict. Raises UnknownStatus."""
    run: Run = event["run"]
    deployment = run.get("deployment")
    if deployment is None:
        return verdicts.of_training(clients.sagemaker().describe_training_job(TrainingJobName=run["training"]["job"]))
    timeout = timedelta(minutes=event["settings"]["deployment_timeout_minutes"])
    verdict = _deployed(deployment, event["now"], timeout)
    # The verdict takes the place of the training job's in the document, and must not lose what that one told.
    trained = {key: value for key, value in run.get("status", {}).items() if key in verdicts.OF_TRAINING}
    return cast(Status, {**trained, **verdict})


def _deployed(deployment: Deployment, now: str, timeout: timedelta) -> Status:
    endpoint = lookup.endpoint(deployment["endpoint"])
    if endpoint is None:
        return verdicts.MISSING
    age = parse_instant(now) - parse_instant(deployment["started_at"])
    return verdicts.of_endpoint(endpoint, deployment["endpoint_config"], age, timeout)
