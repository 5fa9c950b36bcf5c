"""Whether an execution can be redriven.

https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
"""

from __future__ import annotations

import time

from refit.embedded_cloud.step_functions import store
from refit.embedded_cloud.step_functions.store import StoredExecution

REDRIVABLE, NOT_REDRIVABLE = "REDRIVABLE", "NOT_REDRIVABLE"
PERIOD_SECONDS = 14 * 24 * 60 * 60
MAX_EVENTS = 24_999


def of(execution: StoredExecution) -> tuple[str, str | None]:
    """redriveStatus, and redriveStatusReason in AWS's words if the execution cannot be redriven.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
    """
    record = execution.record
    machine = store.machines.get(record.state_machine_arn)
    if record.status in ("RUNNING", "SUCCEEDED"):
        reason = f"Execution is {record.status} and cannot be redriven"
    elif machine is None or machine.status == "DELETING":
        reason = "State machine is in DELETING status"
    elif len(record.events) >= MAX_EVENTS:
        reason = "Execution history event limit exceeded"
    elif record.stop_date is not None and time.time() - record.stop_date > PERIOD_SECONDS:
        reason = "Execution redrivable period exceeded"
    else:
        return REDRIVABLE, None
    return NOT_REDRIVABLE, reason
