"""The integrations of SageMaker: createTrainingJob, with .sync too, and the requests that deploy a model.

createModel, createEndpointConfig, createEndpoint and updateEndpoint answer when SageMaker has accepted the request.
https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

import json
import logging
from typing import Any

from refit.embedded_cloud import settings
from refit.embedded_cloud.sagemaker import store, training_event, training_statuses
from refit.embedded_cloud.sagemaker.resources import TrainingJob
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import optimized
from refit.embedded_cloud.step_functions.integrations.resource import Resource
from refit.embedded_cloud.step_functions.interpreter.task import Task

log = logging.getLogger("states")

SAGEMAKER = optimized.Service("sagemaker", "SageMaker", "AmazonSageMakerException", "AmazonSageMaker")
POLL_SECONDS = 0.1


def run_request(task: Task, resource: Resource) -> Any:
    """Sends the request, and returns SageMaker's response."""
    return optimized.result(optimized.call(task, SAGEMAKER, resource.operation, task.arguments))


def run_training_job(task: Task, _: Resource) -> Any:
    """Runs createTrainingJob.sync: the result is the detail of the event that ends the job.

    A job that did not complete fails the task with States.TaskFailed, and the same detail as the Cause. The job of an
    abandoned task is stopped, best effort as on AWS.
    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    created = optimized.call(task, SAGEMAKER, "CreateTrainingJob", task.arguments, lambda given: _tagged(task, given))
    task.submitted(optimized.result(created))
    name = task.arguments["TrainingJobName"]
    region, account = task.execution_arn.split(":")[3:5]
    scope = Scope(account, region)
    while not _has_ended(scope, name):
        if task.abandoned.wait(POLL_SECONDS):
            _stop(task, name)
            raise StatesError("States.TaskFailed", "the task was abandoned")
    # Step Functions looks at the job itself when events are late, so its role needs the permissions in any case.
    described = optimized.call(task, SAGEMAKER, "DescribeTrainingJob", {"TrainingJobName": name})
    optimized.call(task, SAGEMAKER, "ListTags", {"ResourceArn": described["TrainingJobArn"]})
    detail = _detail(scope, name)
    if detail["TrainingJobStatus"] in settings.failing_job_statuses():
        raise StatesError("States.TaskFailed", json.dumps(detail, separators=(",", ":")))
    return detail


def _tagged(task: Task, given: Any) -> Any:
    """The request with the tags by which Step Functions recognizes the job's events."""
    if not isinstance(given, dict):
        return given
    return {**given, "Tags": [*(given.get("Tags") or ()), *training_event.sync_tags(task.execution_arn)]}


def _has_ended(scope: Scope, name: str) -> bool:
    with store.lock:
        job = store.find(TrainingJob, scope, name)
        return job is None or training_statuses.is_final(job)


def _detail(scope: Scope, name: str) -> dict[str, Any]:
    with store.lock:
        job = store.find(TrainingJob, scope, name)
        if job is None:
            raise StatesError("States.TaskFailed", f"the training job {name} is gone")
        return training_event.detail(job)


def _stop(task: Task, name: str) -> None:
    try:
        optimized.call(task, SAGEMAKER, "StopTrainingJob", {"TrainingJobName": name})
    except StatesError as error:
        log.warning("training job %s could not be stopped: %s", name, error.cause)
