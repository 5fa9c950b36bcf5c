"""The schedule that starts a run on data that has arrived: one, which the Scheduler deletes once it has fired.

Its names come from the function's environment, which Terraform sets (terraform/main.tf).
"""

from __future__ import annotations

from datetime import UTC, datetime
from os import environ
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lambdas.arrival.quiet_period import Planned
from lambdas.aws import clients
from lambdas.aws.errors import code

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import CreateScheduleInputTypeDef

EVENT = '{"source": "refit.arrival", "time": "<aws.scheduler.scheduled-time>", "detail": {}}'


def planned() -> Planned | None:
    """The start that stands, if one does. The schedule is made on the first arrival, so it tells when that was."""
    try:
        found = clients.scheduler().get_schedule(Name=environ["SCHEDULE"], GroupName=environ["SCHEDULE_GROUP"])
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise
    start = datetime.strptime(found["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC)
    return Planned(start, since=found["CreationDate"])


def make(start: datetime) -> bool:
    """Makes the schedule; False when another arrival has made it meanwhile."""
    try:
        clients.scheduler().create_schedule(**_schedule(start))
    except ClientError as error:
        if code(error) == "ConflictException":
            return False
        raise
    return True


def move(start: datetime) -> bool:
    """Moves the schedule; False when it has fired meanwhile, or another arrival was about to move it."""
    try:
        clients.scheduler().update_schedule(**_schedule(start))
    except ClientError as error:
        if code(error) in ("ConflictException", "ResourceNotFoundException"):
            return False
        raise
    return True


def _schedule(start: datetime) -> CreateScheduleInputTypeDef:
    """The whole of it: an update sets back what it does not name.

    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
    """
    return {
        "Name": environ["SCHEDULE"],
        "GroupName": environ["SCHEDULE_GROUP"],
        "Description": f"Starts a run of {environ['PIPELINE']} on the data that has arrived.",
        "ScheduleExpression": f"at({start:%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": environ["STATE_MACHINE_ARN"],
            "RoleArn": environ["SCHEDULE_ROLE_ARN"],
            "Input": EVENT,
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 5},
        },
    }
