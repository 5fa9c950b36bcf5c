"""What all threads of one execution share."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.clock import Clock
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.history import History
from refit.embedded_cloud.step_functions.interpreter.task import Tasks


@dataclass(frozen=True)
class Engine:
    """The definition and the record of an execution, and what it needs of the world."""

    machine: Mapping[str, Any]
    execution: Execution
    input: Any
    """The value of the execution's input."""
    tasks: Tasks
    clock: Clock
    history: History
    rng: random.Random

    @cached_property
    def context(self) -> dict[str, Any]:
        """The members of the context object that are the same in every state, in AWS's order.

        https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
        """
        execution = self.execution
        about = {
            "Id": execution.arn,
            "Input": self.input,
            "StartTime": instant(datetime.fromtimestamp(execution.start_date, UTC)),
            "Name": execution.name,
            "RoleArn": execution.role_arn,
            "RedriveCount": execution.redrive_count,
        }
        if execution.redrive_date is not None:
            about["RedriveTime"] = instant(datetime.fromtimestamp(execution.redrive_date, UTC))
        machine = {"Id": execution.state_machine_arn, "Name": execution.state_machine_name}
        return {"Execution": about, "StateMachine": machine}


def instant(time: datetime) -> str:
    """A time as the context object has it: 2026-01-31T12:00:00.000Z."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
