"""Publishes the EventBridge event "Step Functions Execution Status Change" of an execution.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
import logging
from typing import Any

from ministack.services import eventbridge

from refit.embedded_cloud.step_functions import redrive_status
from refit.embedded_cloud.step_functions.store import StoredExecution

log = logging.getLogger("states")

# "If the escaped input or output is larger than 248 KiB, it is excluded."
MAX_CHARACTERS = 248 * 1024


def publish(execution: StoredExecution) -> None:
    """Publishes the event with the execution's present status. Delivery is best effort, as on AWS."""
    record = execution.record
    entry = {
        "Source": "aws.states",
        "DetailType": "Step Functions Execution Status Change",
        "Detail": json.dumps(detail(execution)),
        "Resources": [record.arn],
    }
    try:
        eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    except Exception:
        log.exception("the status of the execution %s could not be published", record.arn)


def detail(execution: StoredExecution) -> dict[str, Any]:
    """The event's detail. Times are in milliseconds since 1970; `output` is null unless the execution succeeded."""
    record = execution.record
    redrivable, reason = redrive_status.of(execution)
    return {
        "executionArn": record.arn,
        "stateMachineArn": record.state_machine_arn,
        "name": record.name,
        "status": record.status,
        "startDate": _milliseconds(record.start_date),
        "stopDate": _milliseconds(record.stop_date),
        "input": _included(record.input),
        "output": _included(record.output),
        "inputDetails": {"included": _included(record.input) is not None},
        "outputDetails": None if record.output is None else {"included": _included(record.output) is not None},
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": record.redrive_count,
        "redriveDate": _milliseconds(record.redrive_date),
        "redriveStatus": redrivable,
        "redriveStatusReason": reason,
        "error": record.error,
        "cause": record.cause,
    }


def _milliseconds(moment: float | None) -> int | None:
    return None if moment is None else round(moment * 1000)


def _included(text: str | None) -> str | None:
    return text if text is None or len(json.dumps(text)) <= MAX_CHARACTERS else None
