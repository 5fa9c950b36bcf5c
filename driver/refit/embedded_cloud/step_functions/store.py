"""Stores state machines and executions by ARN. `lock` guards both.

An ended execution never changes, so its saved text is made once, in the execution's own thread: saving only copies, and
does not stop the cloud for long histories.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.run import Run

Json = dict[str, Any]

RUNNING = "RUNNING"


@dataclass(kw_only=True)
class StateMachine:
    """A state machine. Times are in seconds since 1970; `revision_id` is empty until the first update, as on AWS."""

    arn: str
    name: str
    definition: str
    role_arn: str
    created: float
    updated: float
    logging: Json
    tracing: Json
    encryption: Json
    status: str = "ACTIVE"
    revision_id: str = ""
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class StoredExecution:
    """An execution: the interpreter's record, and the state machine as it was when the execution started.

    `run` exists until the execution has ended and nothing more is written to its record; from then on `saved` is its
    text.
    """

    record: Execution
    machine: StateMachine
    trace_header: str = ""
    run: Run | None = None
    saved: str = ""

    @property
    def is_running(self) -> bool:
        """Whether the execution has not ended."""
        return self.record.status == RUNNING


lock = threading.RLock()
machines: dict[str, StateMachine] = {}
executions: dict[str, StoredExecution] = {}


def executions_of(machine_arn: str) -> list[StoredExecution]:
    """The executions of a state machine."""
    with lock:
        return [each for each in executions.values() if each.machine.arn == machine_arn]


def remove(machine: StateMachine) -> None:
    """Removes a state machine and its executions, so that their names are free."""
    with lock:
        for execution in executions_of(machine.arn):
            del executions[execution.record.arn]
        del machines[machine.arn]


def clear() -> None:
    """Removes everything."""
    with lock:
        machines.clear()
        executions.clear()


def dump() -> Json:
    """Everything as JSON, for `restore`."""
    with lock:
        return {
            "machines": [dataclasses.asdict(machine) for machine in machines.values()],
            "executions": [each.saved or _text(each) for each in executions.values()],
        }


def restore(state: Json) -> None:
    """Replaces everything with what `dump` returned."""
    with lock:
        clear()
        for fields in state.get("machines", ()):
            machines[fields["arn"]] = StateMachine(**_known(StateMachine, fields))
        for text in state.get("executions", ()):
            fields = json.loads(text)
            record = Execution(**_known(Execution, fields["record"]))
            machine = StateMachine(**_known(StateMachine, fields["machine"]))
            executions[record.arn] = StoredExecution(
                record=record, machine=machine, trace_header=fields["trace_header"], saved=text
            )


def keep(execution: StoredExecution) -> None:
    """Makes the saved text of an execution that has ended."""
    execution.saved = _text(execution)


def _text(execution: StoredExecution) -> str:
    record = {each.name: getattr(execution.record, each.name) for each in dataclasses.fields(Execution)}
    return json.dumps(
        {
            "record": {**record, "events": list(record["events"])},
            "machine": dataclasses.asdict(execution.machine),
            "trace_header": execution.trace_header,
        }
    )


def _known(kind: type, fields: Json) -> Json:
    """The saved fields that this version has, so that a state saved by another version still loads."""
    names = {each.name for each in dataclasses.fields(kind)}
    return {name: value for name, value in fields.items() if name in names}
