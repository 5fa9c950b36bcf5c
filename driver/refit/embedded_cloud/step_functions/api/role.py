"""The checks of a state machine's role that AWS makes when it is created or updated.

https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import get_account_id, get_region

from refit.embedded_cloud.iam_roles import Actor, CannotAssumeRole, random_session
from refit.embedded_cloud.step_functions.api import settings_of_machines
from refit.embedded_cloud.step_functions.errors import access_denied, invalid_arn

STATES = "states.amazonaws.com"
UNTRUSTED = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
    "provided role."
)
# The rule by which Step Functions learns that the resource of a .sync task has ended, and what its role needs for it:
# https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
RULES = {
    ":sagemaker:createTrainingJob.sync": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    ":sagemaker:createProcessingJob.sync": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
    ":states:startExecution.sync": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
}
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
LOG_ACTIONS = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)


def check(role_arn: str, machine_arn: str, definition: str, logging: dict[str, Any]) -> None:
    """Raises ApiError if Step Functions cannot assume the role, or the role lacks what the state machine needs."""
    if not role_arn.startswith("arn:"):
        raise invalid_arn(f"Invalid ARN prefix: {role_arn}")
    actor = Actor(STATES, role_arn, random_session(), machine_arn)
    try:
        with actor.temporary_credentials():
            pass
    except (CannotAssumeRole, IndexError) as error:
        raise access_denied(UNTRUSTED) from error
    for resource, name in RULES.items():
        rule = f"arn:aws:events:{get_region()}:{get_account_id()}:rule/{name}"
        if resource in definition and any(actor.denial(action, rule) for action in RULE_ACTIONS):
            raise access_denied(f"'{role_arn}' is not authorized to create managed-rule.")
    if settings_of_machines.is_logged(logging) and any(actor.denial(action, "*") for action in LOG_ACTIONS):
        raise access_denied("The state machine IAM Role is not authorized to access the Log Destination")
