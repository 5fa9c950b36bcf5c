"""Stores state machines and executions by ARN. `lock` guards both.

An execution that has ended never changes unless it is redriven, so it is saved once, as a record of its own.
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.interpreter.run import Run

Json = dict[str, Any]

RUNNING = "RUNNING"
REVISION = "revision"
"""The member of a saved execution, and of a saved state machine, that names the latter's revision."""


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

    `run` exists until the execution has ended and nothing more is written to its record.
    """

    record: Execution
    machine: StateMachine
    trace_header: str = ""
    run: Run | None = None

    @property
    def is_running(self) -> bool:
        """Whether the execution has not ended."""
        return self.record.status == RUNNING

    @property
    def has_ended(self) -> bool:
        """Whether the execution has ended, and nothing more is written to its record."""
        return self.run is None and not self.is_running


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
    """The state machines, and the executions that can still change, as JSON for `restore`."""
    with lock:
        return {
            "machines": [dataclasses.asdict(machine) for machine in machines.values()],
            "executions": [
                {**_document(each), "machine": _fields(each.machine)}
                for each in executions.values()
                if not each.has_ended
            ],
        }


def records() -> Iterator[tuple[str, Hashable, Callable[[], Json]]]:
    """The name, version and document of each execution that has ended, and of each state machine as one of them has it.

    All executions of a revision of a state machine share its record: a definition can be as long as a history.
    """
    with lock:
        ended = [each for each in executions.values() if each.has_ended]
    revisions: dict[str, StateMachine] = {}
    for each in ended:
        revisions.setdefault(_revision(each.machine), each.machine)
    for name, machine in revisions.items():
        yield name, name, partial(lambda name, machine: {REVISION: name, "machine": _fields(machine)}, name, machine)
    for each in ended:
        version = (each.record.redrive_count, each.record.stop_date, len(each.record.events))
        yield each.record.arn, version, partial(_document, each)


def restore(state: Json) -> None:
    """Replaces everything with what `dump` returned, and the documents of `records` as its member "records"."""
    saved = state.get("records", {}).values()
    revisions = {each[REVISION]: each["machine"] for each in saved if "record" not in each}
    ended = [{**each, "machine": revisions[each[REVISION]]} for each in saved if "record" in each]
    # A version of Refit without records saved each execution as text.
    rest = [json.loads(each) if isinstance(each, str) else each for each in state.get("executions", ())]
    with lock:
        clear()
        for fields in state.get("machines", ()):
            machines[fields["arn"]] = StateMachine(**_known(StateMachine, fields))
        # One that ended while the state was saved is in both.
        for fields in sorted([*rest, *ended], key=lambda each: float(each["record"]["start_date"])):
            record = Execution(**_known(Execution, fields["record"]))
            machine = StateMachine(**_known(StateMachine, fields["machine"]))
            known = executions.get(record.arn)
            if known is None or known.is_running:
                executions[record.arn] = StoredExecution(
                    record=record, machine=machine, trace_header=fields["trace_header"]
                )


def _revision(machine: StateMachine) -> str:
    """The name of the record of a state machine as it was when an execution started."""
    return f"{machine.arn} {machine.created} {machine.updated} {machine.revision_id}"


def _document(execution: StoredExecution) -> Json:
    record = {each.name: getattr(execution.record, each.name) for each in dataclasses.fields(Execution)}
    return {
        REVISION: _revision(execution.machine),
        "record": {**record, "events": list(record["events"])},
        "trace_header": execution.trace_header,
    }


def _fields(machine: StateMachine) -> Json:
    return {each.name: getattr(machine, each.name) for each in dataclasses.fields(StateMachine)}


def _known(kind: type, fields: Json) -> Json:
    """The saved fields that this version has, so that a state saved by another version still loads."""
    names = {each.name for each in dataclasses.fields(kind)}
    return {name: value for name, value in fields.items() if name in names}
