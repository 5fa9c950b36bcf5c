from __future__ import annotations

import json
import threading

import pytest

from refit.embedded_cloud.step_functions.interpreter import history as history_module
from refit.embedded_cloud.step_functions.interpreter.clock import RealClock
from tests.support.executions import (
    INVOKE,
    ROLE_ARN,
    chain,
    execute,
    history,
    machine_of,
    run_of,
    types,
)
from tests.support.virtual_clock import VirtualClock

TASK = {"Type": "Task", "Resource": INVOKE, "End": True}
HOUR = {"Type": "Wait", "Seconds": 3600, "Next": "Done"}
WAITS = machine_of({"Hour": HOUR, "Done": {"Type": "Succeed"}})
WHOLE = {"truncated": False}


def test_the_history_of_a_machine_that_succeeds_is_that_of_aws() -> None:
    machine = machine_of({"First": {"Type": "Pass", "Next": "Last"}, "Last": {"Type": "Succeed"}})
    ran = execute(machine, {"a": 1})
    raw, text = '{"a": 1}', '{"a":1}'
    assert history(ran) == [
        (1, 0, "ExecutionStarted", {"input": raw, "inputDetails": WHOLE, "roleArn": ROLE_ARN}),
        (2, 0, "PassStateEntered", {"name": "First", "input": raw, "inputDetails": WHOLE}),
        (3, 2, "PassStateExited", {"name": "First", "output": text, "outputDetails": WHOLE}),
        (4, 3, "SucceedStateEntered", {"name": "Last", "input": text, "inputDetails": WHOLE}),
        (5, 4, "SucceedStateExited", {"name": "Last", "output": text, "outputDetails": WHOLE}),
        (6, 5, "ExecutionSucceeded", {"output": text, "outputDetails": WHOLE}),
    ]
    assert (ran.status, ran.output, ran.error, ran.cause) == ("SUCCEEDED", text, None, None)


def test_an_event_has_the_members_and_the_time_of_get_execution_history() -> None:
    ran = execute(WAITS)
    start, entered, exited = ran.events[0], ran.events[1], ran.events[2]
    assert set(start) == {"id", "previousEventId", "timestamp", "type", "executionStartedEventDetails"}
    assert set(entered) == {"id", "previousEventId", "timestamp", "type", "stateEnteredEventDetails"}
    assert start["timestamp"] == entered["timestamp"] == ran.start_date
    assert exited["timestamp"] == ran.stop_date == ran.start_date + 3600


def test_the_record_is_json() -> None:
    assert json.loads(json.dumps(vars(execute(WAITS))))["status"] == "SUCCEEDED"


def test_a_failed_execution_has_error_and_cause_and_no_output() -> None:
    ran = execute(machine_of({"End": {"Type": "Fail", "Error": "Broken", "Cause": "it broke"}}))
    assert (ran.status, ran.output, ran.error, ran.cause) == ("FAILED", None, "Broken", "it broke")
    assert history(ran)[1:] == [
        (2, 0, "FailStateEntered", {"name": "End", "input": "{}", "inputDetails": WHOLE}),
        (3, 2, "ExecutionFailed", {"error": "Broken", "cause": "it broke"}),
    ]


def test_a_failure_without_error_and_cause_has_neither() -> None:
    ran = execute(machine_of({"End": {"Type": "Fail"}}))
    assert (ran.status, ran.output, ran.error, ran.cause) == ("FAILED", None, None, None)
    assert history(ran)[-1] == (3, 2, "ExecutionFailed", {})


def test_an_execution_times_out_without_error_and_cause() -> None:
    ran = execute({**WAITS, "TimeoutSeconds": 60})
    assert (ran.status, ran.output, ran.error, ran.cause) == ("TIMED_OUT", None, None, None)
    assert chain(ran)[1:] == [(2, 0, "WaitStateEntered"), (3, 0, "ExecutionTimedOut")]
    assert ran.stop_date == ran.start_date + 60


def test_a_task_is_abandoned_when_the_execution_times_out() -> None:
    clock = VirtualClock()
    run = run_of(
        machine_of({"Work": TASK}, TimeoutSeconds=60),
        answers={"Work": lambda task: clock.wait(3600, task.abandoned)},
        clock=clock,
    )
    run.execute()
    assert types(run.execution)[-2:] == ["TaskStarted", "ExecutionTimedOut"]
    assert run.execution.stop_date == run.execution.start_date + 60


def test_an_execution_within_its_time_limit_succeeds() -> None:
    assert execute({**WAITS, "TimeoutSeconds": 3601}).status == "SUCCEEDED"


@pytest.mark.parametrize("error", [None, "Stopped"])
def test_a_stopped_execution_is_aborted_at_once(error: str | None) -> None:
    clock = VirtualClock()
    run = run_of(WAITS, clock=clock)
    clock.at(60, lambda: run.stop(error, error and "by a person"))
    run.execute()
    ran = run.execution
    assert (ran.status, ran.output, ran.error, ran.cause) == ("ABORTED", None, error, error and "by a person")
    given = {"error": error, "cause": "by a person"} if error else {}
    assert history(ran)[-1] == (3, 0, "ExecutionAborted", given)
    assert ran.stop_date == ran.start_date + 60


def test_an_execution_that_has_ended_cannot_be_stopped() -> None:
    run = run_of(machine_of({"Done": {"Type": "Succeed"}}))
    run.execute()
    assert run.stop("Stopped", "too late") is False
    assert run.execution.status == "SUCCEEDED"


def test_an_execution_that_is_stopped_before_it_begins_does_nothing() -> None:
    run = run_of(machine_of({"Work": TASK}))
    assert run.stop() is True
    run.execute()
    assert (run.execution.status, types(run.execution)) == ("ABORTED", ["ExecutionAborted"])


def test_on_the_wall_clock_a_stop_ends_a_wait_and_abandons_a_task() -> None:
    for machine in (WAITS, machine_of({"Work": TASK})):
        entered, abandoned = threading.Event(), threading.Event()

        def work(task, entered=entered, abandoned=abandoned):  # type: ignore[no-untyped-def]
            entered.set()
            task.abandoned.wait()
            abandoned.set()

        run = run_of(machine, answers={"Work": work}, clock=RealClock())
        thread = threading.Thread(target=run.execute)
        thread.start()
        if machine is not WAITS:
            entered.wait()
        run.stop()
        thread.join()
        assert run.execution.status == "ABORTED"
        assert types(run.execution)[-1] == "ExecutionAborted"
        assert machine is WAITS or abandoned.wait()


def test_on_the_wall_clock_an_execution_times_out() -> None:
    ran = execute(machine_of({"Work": TASK}, TimeoutSeconds=0.01), answers={"Work": _abandoned}, clock=RealClock())
    assert (ran.status, types(ran)[-1]) == ("TIMED_OUT", "ExecutionTimedOut")


def _abandoned(task) -> None:  # type: ignore[no-untyped-def]
    task.abandoned.wait()


def test_a_history_has_25000_events_at_most() -> None:
    ran = execute(machine_of({"Again": {"Type": "Pass", "Next": "Again"}}))
    assert (ran.status, ran.error) == ("FAILED", "States.Runtime")
    assert ran.cause == "The execution reached the maximum number of history events (25000)."
    assert [event["id"] for event in ran.events] == list(range(1, 25_001))
    assert types(ran)[-1] == "ExecutionFailed"


def test_the_limit_of_events_cannot_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MAXIMUM_EVENTS", 20)
    again = {"StartAt": "Again", "States": {"Again": {"Type": "Pass", "Next": "Again"}}}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
    states = {
        "Both": {"Type": "Parallel", "Branches": [again], "Catch": catch, "End": True},
        "Caught": {"Type": "Pass"},
    }
    ran = execute(machine_of(states))
    assert (ran.status, ran.error, len(ran.events)) == ("FAILED", "States.Runtime", 20)


def test_a_fault_of_a_task_fails_the_execution_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    ran = execute(machine_of({"Work": TASK}), answers={"Work": ZeroDivisionError("by zero")})
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "States.Runtime", "ZeroDivisionError('by zero')")
    assert "the task of state Work broke" in caplog.text
