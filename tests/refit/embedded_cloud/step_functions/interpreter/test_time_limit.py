"""TimeoutSeconds and HeartbeatSeconds: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html"""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.interpreter.task import Task
from tests.support.executions import INVOKE, details_of, execute, history, machine_of, output_of, types
from tests.support.virtual_clock import VirtualClock

FUNCTION = "arn:aws:lambda:us-west-2:000000000000:function:f"
SEND = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def task(resource: str = INVOKE, **members: Any) -> dict[str, Any]:
    return machine_of({"Work": {"Type": "Task", "Resource": resource, **members, "End": True}})


@pytest.mark.parametrize(("resource", "kind"), [(INVOKE, "TaskTimedOut"), (FUNCTION, "LambdaFunctionTimedOut")])
def test_a_task_that_takes_longer_than_its_timeout_fails_without_a_cause(resource: str, kind: str) -> None:
    clock = VirtualClock()
    answers = {"Work": lambda asked: clock.wait(3600, asked.abandoned)}
    ran = execute(task(resource, TimeoutSeconds=5), answers=answers, clock=clock)
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "States.Timeout", None)
    about = {} if resource == FUNCTION else {"resourceType": "lambda", "resource": "invoke"}
    assert history(ran)[4:] == [
        (5, 4, kind, {**about, "error": "States.Timeout"}),
        (6, 5, "ExecutionFailed", {"error": "States.Timeout"}),
    ]
    assert ran.stop_date == ran.start_date + 5


@pytest.mark.parametrize(
    "members",
    [
        {"TimeoutSecondsPath": "$.s", "HeartbeatSecondsPath": "$.h"},
        {
            "QueryLanguage": "JSONata",
            "TimeoutSeconds": "{% $states.input.s %}",
            "HeartbeatSeconds": "{% $states.input.h %}",
        },
    ],
)
def test_time_limits_come_from_paths_and_expressions(members: dict[str, Any]) -> None:
    scheduled = details_of(execute(task(**members), {"s": 60, "h": 30}), "TaskScheduled")[0]
    assert (scheduled["timeoutInSeconds"], scheduled["heartbeatInSeconds"]) == (60, 30)


def waiting(clock: VirtualClock, beats: int, seconds: float = 20) -> Any:
    """A task with a token that sends `beats` heartbeats, one every `seconds`, and then only waits."""

    def work(asked: Task) -> None:
        asked.submitted({"MessageId": "m"})
        for _ in range(beats):
            clock.wait(seconds, asked.abandoned)
            asked.heartbeat()
        clock.wait(3600, asked.abandoned)

    return work


@pytest.mark.parametrize(("beats", "ended"), [(0, 30), (1, 50), (3, 90)])
def test_a_missed_heartbeat_is_a_time_out(beats: int, ended: int) -> None:
    clock = VirtualClock()
    ran = execute(task(SEND, HeartbeatSeconds=30), answers={"Work": waiting(clock, beats)}, clock=clock)
    assert (ran.status, ran.error, ran.cause) == ("FAILED", "States.Timeout", None)
    assert ran.stop_date == ran.start_date + ended
    assert types(ran)[2:] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskTimedOut", "ExecutionFailed"]


def test_heartbeats_do_not_move_the_timeout() -> None:
    clock = VirtualClock()
    machine = task(SEND, HeartbeatSeconds=30, TimeoutSeconds=100)
    ran = execute(machine, answers={"Work": waiting(clock, 9)}, clock=clock)
    assert ran.stop_date == ran.start_date + 100


def test_a_task_without_token_needs_no_heartbeat() -> None:
    clock = VirtualClock()
    answers = {"Work": lambda asked: clock.wait(60, asked.abandoned)}
    assert execute(task(HeartbeatSeconds=30), answers=answers, clock=clock).status == "SUCCEEDED"


@pytest.mark.parametrize(
    ("name", "beats", "caught"),
    [
        ("States.HeartbeatTimeout", 0, True),
        ("States.Timeout", 0, True),
        ("States.TaskFailed", 0, False),
        ("States.HeartbeatTimeout", 9, False),
    ],
)
def test_a_missed_heartbeat_is_caught_by_its_own_name_too(name: str, beats: int, caught: bool) -> None:
    clock = VirtualClock()
    catch = [{"ErrorEquals": [name], "Next": "Caught"}]
    machine = task(SEND, HeartbeatSeconds=30, TimeoutSeconds=100, Catch=catch)
    machine["States"]["Caught"] = {"Type": "Succeed"}
    ran = execute(machine, answers={"Work": waiting(clock, beats)}, clock=clock)
    assert ran.status == ("SUCCEEDED" if caught else "FAILED")


def test_what_an_abandoned_task_still_says_is_not_in_the_history() -> None:
    clock = VirtualClock()
    said: list[Task] = []

    def late(asked: Task) -> str:
        clock.wait(3600, asked.abandoned)
        asked.submitted({})
        asked.heartbeat()
        said.append(asked)
        return "late"

    machine = task(SEND, TimeoutSeconds=5, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}])
    machine["States"]["Caught"] = {"Type": "Succeed"}
    ran = execute(machine, answers={"Work": late}, clock=clock)
    said[0].submitted({})
    assert output_of(ran) == {"Error": "States.Timeout", "Cause": ""}
    assert types(ran)[3:6] == ["TaskStarted", "TaskTimedOut", "TaskStateExited"]
    assert types(ran)[-1] == "ExecutionSucceeded"
