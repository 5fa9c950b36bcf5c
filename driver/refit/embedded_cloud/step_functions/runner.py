"""Runs executions, each in a thread of its own, and ends them."""

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time

from refit.embedded_cloud.step_functions import status_events, store
from refit.embedded_cloud.step_functions.integrations import ServiceTasks
from refit.embedded_cloud.step_functions.interpreter.clock import RealClock
from refit.embedded_cloud.step_functions.interpreter.run import Run
from refit.embedded_cloud.step_functions.store import StateMachine, StoredExecution

log = logging.getLogger("states")

DELETION_POLL_SECONDS = 0.1
RESTARTED = "The embedded cloud was stopped while this execution was running"
FAULT = "The embedded cloud could not run this execution; its log says why"


def prepare(execution: StoredExecution) -> None:
    """Makes the run of an execution that is to start or to be redriven. From now on it can be stopped."""
    execution.run = Run(json.loads(execution.machine.definition), execution.record, ServiceTasks(), RealClock())


def start(execution: StoredExecution) -> None:
    """Starts a prepared execution in the background."""
    _in_thread(execution, "execute")


def redrive(execution: StoredExecution) -> None:
    """Continues a prepared execution that did not succeed at the state where it ended, in the background."""
    _in_thread(execution, "redrive")


def stop(execution: StoredExecution, error: str | None, cause: str | None) -> None:
    """Ends the execution as ABORTED at once, if it is still running."""
    if execution.run is not None:
        execution.run.stop(error, cause)


def stop_at_the_next_transition(machine: StateMachine) -> None:
    """Deletes a state machine whose status is DELETING, in the background.

    Its executions end when they enter their next state, and then the state machine is gone.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html
    """
    threading.Thread(target=_delete, args=(machine,), daemon=True, name=f"delete {machine.name}").start()


def end_all() -> None:
    """Ends every running execution."""
    with store.lock:
        running = [each for each in store.executions.values() if each.is_running]
    for execution in running:
        stop(execution, None, None)


def resume() -> None:
    """After a restart: executions that were running end as FAILED, and deletions go on.

    On AWS an execution survives; here its thread and its tasks do not.
    """
    with store.lock:
        for execution in store.executions.values():
            if execution.is_running:
                _fail(execution, RESTARTED)
        deleting = [machine for machine in store.machines.values() if machine.status == "DELETING"]
    for machine in deleting:
        stop_at_the_next_transition(machine)


def _in_thread(execution: StoredExecution, entry: str) -> None:
    # The account and the region of the request are context variables of ministack.
    context = contextvars.copy_context()
    name = f"execution {execution.record.name}"
    threading.Thread(target=context.run, args=(_run, execution, entry), daemon=True, name=name).start()


def _run(execution: StoredExecution, entry: str) -> None:
    try:
        getattr(execution.run, entry)()
    except Exception:
        log.exception("the execution %s ended by a fault of the embedded cloud", execution.record.arn)
        _fail(execution, FAULT)
    finally:
        execution.run = None
    status_events.publish(execution)


def _fail(execution: StoredExecution, cause: str) -> None:
    """Ends an execution as FAILED that the interpreter cannot end."""
    record, now = execution.record, time.time()
    last = record.events[-1]["id"] if record.events else 0
    record.status, record.stop_date, record.error, record.cause = "FAILED", now, "States.Runtime", cause
    record.events.append(
        {
            "id": last + 1,
            "previousEventId": last,
            "timestamp": now,
            "type": "ExecutionFailed",
            "executionFailedEventDetails": {"error": record.error, "cause": record.cause},
        }
    )


def _delete(machine: StateMachine) -> None:
    seen = {each.record.arn: len(each.record.events) for each in _running(machine)}
    while running := _running(machine):
        for execution in running:
            fresh = execution.record.events[seen.get(execution.record.arn, 0) :]
            if any(event["type"].endswith("StateEntered") for event in fresh):
                stop(execution, None, None)
        time.sleep(DELETION_POLL_SECONDS)
    with store.lock:
        if store.machines.get(machine.arn) is machine:
            store.remove(machine)


def _running(machine: StateMachine) -> list[StoredExecution]:
    return [each for each in store.executions_of(machine.arn) if each.is_running]
