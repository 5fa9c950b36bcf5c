"""Puts executions, jobs, log streams, data points and messages straight into the stores of the embedded cloud."""

from __future__ import annotations

import hashlib
from typing import Any

from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud.sagemaker import store as sagemaker
from refit.embedded_cloud.sagemaker.resources import ProcessingJob, TrainingJob
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.step_functions import store as states
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.store import StateMachine, StoredExecution

ACCOUNT, REGION = "000000000000", "us-west-2"
DAY = 86_400.0
ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"


def add_execution(
    name: str, ended: float | None, machine: str = "homes", events: int = 1, definition: str = "{}"
) -> StoredExecution:
    """An execution that ended at this time, or runs if it is None."""
    arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{machine}"
    started = 0.0 if ended is None else ended - 60.0
    record = Execution(
        arn=f"arn:aws:states:{REGION}:{ACCOUNT}:execution:{machine}:{name}",
        name=name,
        state_machine_arn=arn,
        state_machine_name=machine,
        role_arn=ROLE,
        input="{}",
        start_date=started,
        status="RUNNING" if ended is None else "SUCCEEDED",
        stop_date=ended,
        events=[_event(number, started) for number in range(1, events + 1)],
    )
    none: dict[str, Any] = {}
    described = StateMachine(
        arn=arn,
        name=machine,
        definition=definition,
        role_arn=ROLE,
        created=0.0,
        updated=0.0,
        logging=none,
        tracing=none,
        encryption=none,
        revision_id=hashlib.sha256(definition.encode()).hexdigest(),
    )
    states.machines.setdefault(arn, described)
    states.executions[record.arn] = StoredExecution(record=record, machine=described)
    return states.executions[record.arn]


def add_job(name: str, ended: float | None) -> TrainingJob:
    """A job that ended at this time, or is being trained if it is None."""
    job = TrainingJob(
        account=ACCOUNT,
        region=REGION,
        name=name,
        created=0.0,
        modified=ended or 0.0,
        request={"TrainingJobName": name, "HyperParameters": {"predictor_type": "regressor"}},
        secondary="Training" if ended is None else "Completed",
        ended=ended,
        artifacts=f"s3://homes/models/{name}/output/model.tar.gz",
    )
    sagemaker.add(job)
    return job


def add_processing_job(name: str, ended: float | None) -> ProcessingJob:
    """A processing job that ended at this time, or runs if it is None."""
    job = ProcessingJob(
        account=ACCOUNT,
        region=REGION,
        name=name,
        created=0.0,
        modified=ended or 0.0,
        request={"ProcessingJobName": name},
        status="InProgress" if ended is None else "Failed",
        ended=ended,
        exit_message="row 7",
    )
    sagemaker.add(job)
    return job


def add_log_stream(group: str, name: str, at: float, lines: int = 4) -> None:
    """A log stream whose last line is of this time."""
    at_ms = int(at * 1000)
    created = {"arn": "", "creationTime": 0, "retentionInDays": None, "tags": {}, "subscriptionFilters": {}}
    known = logs._log_groups._data.setdefault((ACCOUNT, REGION, group), {**created, "streams": {}})
    known["streams"][name] = {
        "events": [{"timestamp": at_ms, "message": "x" * 100, "ingestionTime": at_ms} for _ in range(lines)],
        "uploadSequenceToken": "1",
        "creationTime": at_ms,
        "firstEventTimestamp": at_ms,
        "lastEventTimestamp": at_ms,
        "lastIngestionTime": at_ms,
    }


def add_data_points(metric: str, points: int, at: float) -> None:
    """Data points of a metric of a function at this time; their values count them."""
    found = cloudwatch._metrics._data.setdefault((ACCOUNT, REGION, ("AWS/Lambda", metric, "FunctionName=f")), [])
    for number in range(points):
        found.append({"Timestamp": at, "Value": number, "Unit": "Count", "Dimensions": {"FunctionName": "f"}})


def add_messages(count: int) -> None:
    """Messages in Slack, now."""
    for number in range(count):
        channels.post({"channel": "homes", "text": f"message {number}"})


def _event(number: int, at: float) -> dict[str, Any]:
    details = {"name": "CheckData", "output": '{"window": "' + "x" * 1900 + '"}', "outputDetails": {"truncated": False}}
    return {
        "id": number,
        "previousEventId": number - 1,
        "timestamp": at,
        "type": "TaskStateExited",
        "stateExitedEventDetails": details,
    }
