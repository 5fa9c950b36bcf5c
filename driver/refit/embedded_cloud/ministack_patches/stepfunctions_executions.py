"""Step Functions: execution names, time limits, final statuses and retry delays, and the tracing configuration."""

from __future__ import annotations

import json
import random
import threading
from typing import Any

from ministack.core.responses import json_response, now_iso
from ministack.services import stepfunctions

from refit.embedded_cloud.ministack_patches import stepfunctions_role
from refit.embedded_cloud.ministack_patches.patching import patch

MODULE = "services.stepfunctions"
TERMINAL = ("States.Runtime", "States.DataLimitExceeded")


@patch(MODULE, "_create_state_machine")
def store_tracing_at_creation(create: Any, data: Any) -> Any:
    """CreateStateMachine stores tracingConfiguration, by default disabled; without it a second plan shows drift.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
    """
    response = create(data)
    if response[0] == 200:
        arn = json.loads(response[2])["stateMachineArn"]
        stored = stepfunctions._state_machines[arn]
        stored.setdefault("tracingConfiguration", data.get("tracingConfiguration") or {"enabled": False})
    return response


@patch(MODULE, "_update_state_machine")
def store_tracing_at_update(update: Any, data: Any) -> Any:
    """UpdateStateMachine replaces tracingConfiguration if the request contains it.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
    """
    response = update(data)
    if response[0] == 200 and data.get("tracingConfiguration"):
        stepfunctions._state_machines[data["stateMachineArn"]]["tracingConfiguration"] = data["tracingConfiguration"]
    return response


@patch(MODULE, "_start_execution")
def start_idempotently(start: Any, data: Any) -> Any:
    """StartExecution with the name and input of a running execution returns that execution; ministack rejects it.

    If the execution with this name is closed or has another input, the error is ExecutionAlreadyExists.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    machine = stepfunctions._state_machines.get(
        stepfunctions._resolve_state_machine_arn(data.get("stateMachineArn", ""))
    )
    if machine and data.get("name"):
        arn = f"{machine['stateMachineArn'].replace(':stateMachine:', ':execution:')}:{data['name']}"
        running = stepfunctions._executions.get(arn)
        if running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}"):
            return json_response({"executionArn": arn, "startDate": running["startDate"]})
    return start(data)


@patch(MODULE, "_run_execution")
def apply_the_time_limit(run: Any, arn: str) -> None:
    """An execution that exceeds the definition's TimeoutSeconds ends as TIMED_OUT with States.Timeout.

    https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
    """
    execution = stepfunctions._executions.get(arn)
    seconds = _time_limit(execution)
    if seconds is None:
        run(arn)
        return
    timer = threading.Timer(seconds, _time_out, (execution, seconds))
    timer.daemon = True
    timer.start()
    try:
        run(arn)
    finally:
        timer.cancel()


def _time_limit(execution: Any) -> float | None:
    machine = stepfunctions._state_machines.get(execution["stateMachineArn"]) if execution else None
    try:
        return float(json.loads(machine["definition"])["TimeoutSeconds"]) if machine else None
    except (ValueError, KeyError, TypeError):
        return None


def _time_out(execution: Any, seconds: float) -> None:
    if execution["status"] != "RUNNING":
        return
    cause = f"the execution ran longer than its TimeoutSeconds, {seconds:g}"
    execution.update(status="TIMED_OUT", error="States.Timeout", cause=cause, stopDate=now_iso())
    details = {"error": "States.Timeout", "cause": cause}
    stepfunctions._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": details})
    stepfunctions._emit_execution_status_event(execution)


@patch(MODULE, "_fail_execution")
def keep_the_final_status(fail: Any, execution: Any, error: str, cause: str) -> None:
    """A stopped or timed-out execution keeps its status; ministack lets a later failure of its task overwrite it.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
    """
    if execution["status"] == "RUNNING":
        fail(execution, error, cause)


@patch(MODULE, "_add_event")
def close_history(add: Any, execution: Any, kind: str, details: Any = None) -> Any:
    """The event that ends an execution is the last in its history, even if an abandoned task still runs.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
    """
    return add(execution, kind, details) if execution["status"] == "RUNNING" or kind.startswith("Execution") else None


@patch(MODULE, "_find_matching_retrier")
def apply_the_retry_delay(find: Any, retriers: Any, error: str, counts: dict[int, int]) -> Any:
    """A retrier's delay is limited by MaxDelaySeconds and random with JitterStrategy FULL; ministack ignores both.

    There is no retry once the execution has ended.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    retrier, index = find(retriers, error, counts)
    if retrier is None or not stepfunctions_role.is_running():
        return None, -1
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(index, 0)
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    if retrier.get("JitterStrategy") == "FULL":
        delay = random.uniform(0, delay)  # noqa: S311 - spreads retries
    # The caller multiplies the interval by the backoff rate, but this is already the whole delay.
    return {**retrier, "IntervalSeconds": delay, "BackoffRate": 1}, index


@patch(MODULE, "_error_matches")
def exclude_terminal_errors(matches: Any, names: list[str], error: str) -> bool:
    """States.ALL and States.TaskFailed do not match the errors that end an execution; ministack's do.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    return error in names if error in TERMINAL else matches(names, error)
