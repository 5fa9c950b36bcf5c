"""Step Functions: the integration sagemaker:createTrainingJob, which with .sync waits until the job has ended.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import stepfunctions

from refit.embedded_cloud import settings
from refit.embedded_cloud.iam_roles import Actor, CannotAssumeRole
from refit.embedded_cloud.ministack_patches import stepfunctions_role, stepfunctions_waits
from refit.embedded_cloud.ministack_patches.patching import patch
from refit.embedded_cloud.sagemaker import store, training_event, training_statuses
from refit.embedded_cloud.sagemaker.resources import TrainingJob
from refit.embedded_cloud.sagemaker.scope import Scope

log = logging.getLogger("refit")

MODULE = "services.stepfunctions"
RESOURCE = "arn:aws:states:::sagemaker:createTrainingJob"
RULE = "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")


@patch(MODULE, "_create_state_machine")
def check_the_rule_at_creation(create: Any, data: Any) -> Any:
    """CreateStateMachine with a .sync training task requires that the role may create the EventBridge rule for it.

    https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
    https://docs.aws.amazon.com/step-functions/latest/dg/troubleshooting-general.html
    """
    return _rule_denied(data.get("definition"), data.get("roleArn"), data.get("name")) or create(data)


@patch(MODULE, "_update_state_machine")
def check_the_rule_at_update(update: Any, data: Any) -> Any:
    """UpdateStateMachine requires the same of the new definition and role.

    https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
    """
    current = stepfunctions._state_machines.get(data.get("stateMachineArn")) or {}
    new = {**current, **{name: value for name, value in data.items() if value is not None}}
    return _rule_denied(new.get("definition"), new.get("roleArn"), current.get("name")) or update(data)


def _rule_denied(definition: str | None, role: str | None, machine: str | None) -> Any:
    if not role or f"{RESOURCE}.sync" not in (definition or ""):
        return None
    region, account = get_region(), get_account_id()
    actor = Actor(
        stepfunctions_role.STATES, role, "StepFunctions", f"arn:aws:states:{region}:{account}:stateMachine:{machine}"
    )
    rule = f"arn:aws:events:{region}:{account}:rule/{RULE}"
    if any(actor.denial(action, rule) for action in RULE_ACTIONS):
        return error_response_json("AccessDeniedException", f"'{role}' is not authorized to create managed-rule.", 400)
    return None


def train(resource: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Runs the task: returns CreateTrainingJob's response, or with .sync the event of the job's end.

    With .sync a job that did not complete fails the task with States.TaskFailed and that event as the Cause.
    Errors of the service are named as in the SDK that the optimized integrations use. Raises _ExecutionError.
    """
    actor = stepfunctions_role.current_actor()
    if actor is None:
        raise stepfunctions._ExecutionError("States.Runtime", f"{resource} must run in an execution")
    if not resource.endswith(".sync"):
        return _call(actor, "CreateTrainingJob", arguments)
    tags = training_event.sync_tags(stepfunctions_role.execution_arn())
    _call(actor, "CreateTrainingJob", {**arguments, "Tags": [*arguments.get("Tags", ()), *tags]})
    name = {"TrainingJobName": arguments["TrainingJobName"]}
    try:
        stepfunctions_waits.wait_until(lambda: _has_ended(name["TrainingJobName"]))
    except stepfunctions_waits.Abandoned:
        _stop(actor, name)
        raise
    # Step Functions looks at the job itself when events are late, so its role needs the permissions in any case.
    job = _call(actor, "DescribeTrainingJob", name)
    _call(actor, "ListTags", {"ResourceArn": job["TrainingJobArn"]})
    event = _event(name["TrainingJobName"])
    if event["TrainingJobStatus"] in settings.failing_job_statuses():
        raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(event, separators=(",", ":")))
    return event


stepfunctions._SERVICE_DISPATCH[RESOURCE] = train


def _has_ended(name: str) -> bool:
    with store.lock:
        job = store.find(TrainingJob, Scope.current(), name)
        return job is None or training_statuses.is_final(job)


def _event(name: str) -> dict[str, Any]:
    with store.lock:
        job = store.find(TrainingJob, Scope.current(), name)
        if job is None:  # the cloud was reset
            raise stepfunctions._ExecutionError("States.TaskFailed", f"the training job {name} no longer exists")
        return training_event.detail(job)


def _stop(actor: Actor, name: dict[str, str]) -> None:
    """Stops the job of an abandoned task, best effort as on AWS.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
    """
    try:
        _call(actor, "StopTrainingJob", name)
    except stepfunctions._ExecutionError as error:
        log.warning("training job %s could not be stopped: %s", name["TrainingJobName"], error)


def _call(actor: Actor, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        response = stepfunctions_role.call(actor, "sagemaker", operation, arguments)
    except CannotAssumeRole as error:
        raise stepfunctions._ExecutionError("SageMaker.AmazonSageMakerException", str(error)) from error
    except ClientError as error:
        raise stepfunctions._ExecutionError(*_failure(error)) from error
    in_milliseconds: dict[str, Any] = _in_milliseconds(response)
    return in_milliseconds


def _failure(error: ClientError) -> tuple[str, str]:
    """Error and Cause, named like the AWS SDK for Java 1.x: the modelled exception, else the service's.

    https://docs.aws.amazon.com/step-functions/latest/dg/sample-hyper-tuning.html
    """
    code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    modelled = {shape.error_code for shape in stepfunctions_role.model("sagemaker").error_shapes}
    name = f"{code}Exception" if code in modelled else "AmazonSageMakerException"
    metadata = error.response["ResponseMetadata"]
    request = metadata.get("RequestId", "null")
    details = f"Status Code: {metadata['HTTPStatusCode']}; Error Code: {code}; Request ID: {request}"
    return f"SageMaker.{name}", f"{message} (Service: AmazonSageMaker; {details})"


def _in_milliseconds(value: Any) -> Any:
    """Converts times to milliseconds since 1970, as the SDK for Java 1.x writes them in JSON."""
    if isinstance(value, dict):
        return {name: _in_milliseconds(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_milliseconds(each) for each in value]
    return round(value.timestamp() * 1000) if isinstance(value, datetime) else value
