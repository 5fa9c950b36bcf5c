"""Implements StartExecution, StopExecution, DescribeExecution, ListExecutions and what belongs to one execution."""

from __future__ import annotations

import time
import uuid
from typing import Any

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.step_functions import arns, names, redrive_status, runner, status_events, store
from refit.embedded_cloud.step_functions.api import json_text, pagination, state_machines
from refit.embedded_cloud.step_functions.errors import (
    execution_exists,
    invalid_input,
    no_execution,
    not_redrivable,
)
from refit.embedded_cloud.step_functions.interpreter.execution import Execution
from refit.embedded_cloud.step_functions.store import StoredExecution

Json = dict[str, Any]

MAX_INPUT_BYTES = 262_144


def start(request: Json) -> Json:
    """Starts an execution. The name and input of a running execution return that one.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    text = request.get("input", "{}")
    machine = state_machines.started(state_machines.active(request["stateMachineArn"]))
    name = names.check(request.get("name") or str(uuid.uuid4()))
    _check_input(text)
    record = Execution(
        arn=arns.execution_arn(machine.arn, name),
        name=name,
        state_machine_arn=machine.arn,
        state_machine_name=machine.name,
        role_arn=machine.role_arn,
        input=text,
        start_date=time.time(),
    )
    with store.lock:
        state_machines.active(machine.arn)
        existing = store.executions.get(record.arn)
        if existing is not None:
            if existing.is_running and existing.record.input == text:
                return {"executionArn": record.arn, "startDate": existing.record.start_date}
            raise execution_exists(record.arn)
        execution = StoredExecution(record=record, machine=machine, trace_header=request.get("traceHeader", ""))
        runner.prepare(execution)
        store.executions[record.arn] = execution
    status_events.publish(execution)
    runner.start(execution)
    return {"executionArn": record.arn, "startDate": record.start_date}


def start_sync(request: Json) -> Json:
    """StartSyncExecution is for EXPRESS workflows (recorded: test_start_sync_execution)."""
    state_machines.existing_machine(request["stateMachineArn"])
    raise ApiError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")


def stop(request: Json) -> Json:
    """Ends an execution as ABORTED. One that has ended keeps its status; the answer is the time of its end.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    """
    execution = find(request["executionArn"])
    runner.stop(execution, request.get("error"), request.get("cause"))
    return {"stopDate": execution.record.stop_date}


def redrive(request: Json) -> Json:
    """Continues an execution that failed, timed out or was stopped, at the state where it ended.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
    """
    execution = find(request["executionArn"])
    with store.lock:
        status, reason = redrive_status.of(execution)
        if status == redrive_status.NOT_REDRIVABLE or execution.run is not None:
            raise not_redrivable(execution.record.arn, str(reason))
        execution.record.status = store.RUNNING
        runner.prepare(execution)
    runner.redrive(execution)
    status_events.publish(execution)
    return {"redriveDate": time.time()}


def describe(request: Json) -> Json:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html"""
    execution = find(request["executionArn"])
    record = execution.record
    answer = {
        **_summary(execution),
        "input": record.input,
        "inputDetails": {"included": True},
        "traceHeader": execution.trace_header or None,
        "output": record.output,
        "outputDetails": None if record.output is None else {"included": True},
        "error": record.error,
        "cause": record.cause,
    }
    if request.get("includedData") == "METADATA_ONLY":
        answer |= dict.fromkeys(("input", "inputDetails", "output", "outputDetails", "error", "cause"))
    status, reason = redrive_status.of(execution)
    answer |= {"redriveStatus": status, "redriveStatusReason": reason}
    return _present(answer)


def describe_state_machine(request: Json) -> Json:
    """The state machine as it was when the execution started.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html
    """
    machine = find(request["executionArn"]).machine
    return {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "definition": machine.definition if request.get("includedData") != "METADATA_ONLY" else "{}",
        "roleArn": machine.role_arn,
        "updateDate": machine.updated,
        **state_machines.configurations(machine),
    }


def list_(request: Json) -> Json:
    """The executions of a state machine, the most recent first.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
    """
    if "stateMachineArn" not in request:
        raise ApiError("ValidationException", "Must provide a stateMachineArn; the embedded cloud has no Map Runs")
    with store.lock:
        machine = state_machines.existing_machine(request["stateMachineArn"])
        found = {each.record.arn: each for each in store.executions_of(machine.arn) if _matches(each, request)}
        keys = sorted(found, key=lambda arn: (found[arn].record.start_date, arn), reverse=True)
        return pagination.page(keys, request, "executions", lambda arn: _present(_summary(found[arn])))


def find(arn: str) -> StoredExecution:
    """The execution with this ARN. Raises ApiError InvalidArn or ExecutionDoesNotExist."""
    execution = store.executions.get(arns.check(arn, arns.EXECUTION))
    if execution is None:
        raise no_execution(arn)
    return execution


def _check_input(text: str) -> None:
    """The input is JSON, and has at most 262,144 bytes: the service model counts characters only.

    Recorded: test_invalid_start_execution_input.
    """
    if len(text.encode()) > MAX_INPUT_BYTES:
        limit = f"Member must have length less than or equal to {MAX_INPUT_BYTES}"
        message = f"1 validation error detected: Value at 'input' failed to satisfy constraint: {limit}"
        raise ApiError("ValidationException", message)
    if problem := json_text.problem(text):
        raise invalid_input(problem)


def _matches(execution: StoredExecution, request: Json) -> bool:
    redriven = {"REDRIVEN": True, "NOT_REDRIVEN": False}.get(request.get("redriveFilter", ""))
    return request.get("statusFilter") in (None, execution.record.status) and redriven in (
        None,
        execution.record.redrive_count > 0,
    )


def _summary(execution: StoredExecution) -> Json:
    record = execution.record
    return {
        "executionArn": record.arn,
        "stateMachineArn": record.state_machine_arn,
        "name": record.name,
        "status": record.status,
        "startDate": record.start_date,
        "stopDate": record.stop_date,
        "redriveCount": record.redrive_count,
        "redriveDate": record.redrive_date,
    }


def _present(answer: Json) -> Json:
    return {name: value for name, value in answer.items() if value is not None}
