"""The integrations of SageMaker: createTrainingJob and createProcessingJob, with .sync too, and those that deploy.

createModel, createEndpointConfig, createEndpoint and updateEndpoint answer when SageMaker has accepted the request.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from refit.embedded_cloud import settings
from refit.embedded_cloud.sagemaker import processing_description, store, training_event
from refit.embedded_cloud.sagemaker.resources import Job, ProcessingJob, TrainingJob
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import optimized
from refit.embedded_cloud.step_functions.integrations.resource import Resource
from refit.embedded_cloud.step_functions.interpreter.task import Task

J = TypeVar("J", bound=Job)

log = logging.getLogger("states")

SAGEMAKER = optimized.Service("sagemaker", "SageMaker", "AmazonSageMakerException", "AmazonSageMaker")
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Waiting(Generic[J]):
    """A kind of job that .sync waits for, and the detail of the event that ends it."""

    kind: type[J]
    detail: Callable[[J], dict[str, Any]]

    @property
    def name(self) -> str:
        """The name of the job in operations: "TrainingJob"."""
        return self.kind.MEMBER

    def find(self, scope: Scope, name: str) -> J | None:
        """The job, if it is there. The store's lock must be held."""
        return store.find(self.kind, scope, name)


TRAINING = Waiting(TrainingJob, training_event.detail)
PROCESSING = Waiting(ProcessingJob, processing_description.event_detail)


def run_request(task: Task, resource: Resource) -> Any:
    """Sends the request, and returns SageMaker's response."""
    return optimized.result(optimized.call(task, SAGEMAKER, resource.operation, task.arguments))


def run_training_job(task: Task, _: Resource) -> Any:
    """Runs createTrainingJob.sync: the result is the detail of the event that ends the job."""
    return _run_job(task, TRAINING)


def run_processing_job(task: Task, _: Resource) -> Any:
    """Runs createProcessingJob.sync: the result is the detail of the event that ends the job."""
    return _run_job(task, PROCESSING)


def _run_job(task: Task, waiting: Waiting[J]) -> Any:
    """Creates a job and waits for its end.

    A job that did not complete fails the task with States.TaskFailed, and the same detail as the Cause. The job of an
    abandoned task is stopped, best effort as on AWS.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    operation = f"Create{waiting.name}"
    created = optimized.call(task, SAGEMAKER, operation, task.arguments, lambda given: _tagged(task, given))
    task.submitted(optimized.result(created))
    name = task.arguments[f"{waiting.name}Name"]
    region, account = task.execution_arn.split(":")[3:5]
    scope = Scope(account, region)
    while not _has_ended(waiting, scope, name):
        if task.abandoned.wait(POLL_SECONDS):
            _stop(task, waiting, name)
            raise StatesError("States.TaskFailed", "the task was abandoned")
    # Step Functions looks at the job itself when events are late, so its role needs the permissions in any case.
    described = optimized.call(task, SAGEMAKER, f"Describe{waiting.name}", {f"{waiting.name}Name": name})
    optimized.call(task, SAGEMAKER, "ListTags", {"ResourceArn": described[f"{waiting.name}Arn"]})
    detail = _detail(waiting, scope, name)
    if detail[f"{waiting.name}Status"] in settings.failing_job_statuses():
        raise StatesError("States.TaskFailed", json.dumps(detail, separators=(",", ":")))
    return detail


def _tagged(task: Task, given: Any) -> Any:
    """The request with the tags by which Step Functions recognizes the job's events."""
    if not isinstance(given, dict):
        return given
    return {**given, "Tags": [*(given.get("Tags") or ()), *training_event.sync_tags(task.execution_arn)]}


def _has_ended(waiting: Waiting[J], scope: Scope, name: str) -> bool:
    with store.lock:
        job = waiting.find(scope, name)
        return job is None or job.ended is not None


def _detail(waiting: Waiting[J], scope: Scope, name: str) -> dict[str, Any]:
    with store.lock:
        job = waiting.find(scope, name)
        if job is None:
            raise StatesError("States.TaskFailed", f"the {waiting.kind.LABEL} {name} is gone")
        return waiting.detail(job)


def _stop(task: Task, waiting: Waiting[J], name: str) -> None:
    try:
        optimized.call(task, SAGEMAKER, f"Stop{waiting.name}", {f"{waiting.name}Name": name})
    except StatesError as error:
        log.warning("%s %s could not be stopped: %s", waiting.kind.LABEL, name, error.cause)
