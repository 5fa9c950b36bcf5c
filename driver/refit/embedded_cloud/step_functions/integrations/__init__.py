"""Runs the tasks of executions: functions, AWS SDK integrations and optimized integrations.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import set_request_account_id, set_request_region

from refit.embedded_cloud.step_functions import task_tokens
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.integrations import (
    aws_sdk,
    executions,
    lambda_functions,
    messages,
    sagemaker,
)
from refit.embedded_cloud.step_functions.integrations.resource import WAIT_FOR_TASK_TOKEN, Resource, parse
from refit.embedded_cloud.step_functions.interpreter.task import Task

Integration = Callable[[Task, Resource], Any]

OPTIMIZED: Mapping[tuple[str, str], Integration] = {
    ("lambda", "invoke"): lambda_functions.run_invoke,
    ("sagemaker", "createTrainingJob"): sagemaker.run_request,
    ("sagemaker", "createProcessingJob"): sagemaker.run_request,
    ("sagemaker", "createModel"): sagemaker.run_request,
    ("sagemaker", "createEndpointConfig"): sagemaker.run_request,
    ("sagemaker", "createEndpoint"): sagemaker.run_request,
    ("sagemaker", "updateEndpoint"): sagemaker.run_request,
    ("events", "putEvents"): messages.run_put_events,
    ("sqs", "sendMessage"): messages.run_send_message,
    ("sns", "publish"): messages.run_publish,
    ("states", "startExecution"): executions.run,
}
SYNC: Mapping[tuple[str, str], Integration] = {
    ("sagemaker", "createTrainingJob"): sagemaker.run_training_job,
    ("sagemaker", "createProcessingJob"): sagemaker.run_processing_job,
    ("states", "startExecution"): executions.run,
}


class ServiceTasks:
    """The interpreter's `Tasks`."""

    def run(self, task: Task) -> Any:
        """Runs a task until it has ended, and returns its result. Raises StatesError."""
        region, account = task.execution_arn.split(":")[3:5]
        set_request_account_id(account)
        set_request_region(region)
        resource = parse(task.resource)
        integration = _integration(task, resource)
        if resource.pattern != WAIT_FOR_TASK_TOKEN:
            return integration(task, resource)
        callback = task_tokens.expect(task)
        try:
            task.submitted(integration(task, resource))
            return callback.wait()
        finally:
            task_tokens.forget(task)


def _integration(task: Task, resource: Resource) -> Integration:
    """What runs the task. Raises StatesError for an integration that only AWS has."""
    if resource.service == "lambda" and not resource.action:
        return lambda each, _: lambda_functions.run_function(each)
    if resource.is_sdk:
        return aws_sdk.run
    known = SYNC if resource.pattern.startswith("sync") else OPTIMIZED
    integration = known.get((resource.service, resource.action))
    if integration is None:
        raise StatesError("States.Runtime", f"the embedded cloud has no integration {task.resource}; AWS may have it")
    return integration
