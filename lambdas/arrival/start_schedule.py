"""Reads, creates and moves the one-time schedule that starts a run for new data. It is deleted once it has fired.

Its names come from the function's environment, which Terraform sets (terraform/main.tf).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from os import environ
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lambdas.arrival.quiet_period import Planned
from lambdas.aws import clients
from lambdas.aws.errors import code
from refit.domain.run_request import ARRIVAL_SOURCE

if TYPE_CHECKING:
    from mypy_boto3_scheduler.type_defs import CreateScheduleInputTypeDef

EVENT = json.dumps({"source": ARRIVAL_SOURCE, "time": "<aws.scheduler.scheduled-time>", "detail": {}})


def planned() -> Planned | None:
    """The planned start, if there is one. It was first planned when the schedule was created, on the first arrival."""
    try:
        found = clients.scheduler().get_schedule(Name=environ["SCHEDULE"], GroupName=environ["SCHEDULE_GROUP"])
    except ClientError as error:
        if code(error) == "ResourceNotFoundException":
            return None
        raise
    start = datetime.strptime(found["ScheduleExpression"], "at(%Y-%m-%dT%H:%M:%S)").replace(tzinfo=UTC)
    return Planned(start, since=found["CreationDate"])


def create(start: datetime) -> bool:
    """Creates the schedule. Returns False if another invocation has created it meanwhile."""
    try:
        clients.scheduler().create_schedule(**_schedule(start))
    except ClientError as error:
        if code(error) == "ConflictException":
            return False
        raise
    return True


def move(start: datetime) -> bool:
    """Moves the schedule. Returns False if it has fired meanwhile, or another invocation is moving it."""
    try:
        clients.scheduler().update_schedule(**_schedule(start))
    except ClientError as error:
        if code(error) in ("ConflictException", "ResourceNotFoundException"):
            return False
        raise
    return True


def _schedule(start: datetime) -> CreateScheduleInputTypeDef:
    """The complete schedule: an update resets every field that it does not contain.

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
