"""The errors that each state retries, for how long, and the resulting time limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.domain.handlers import HANDLERS, limits
from refit.pipeline.model import Pipeline
from tests.support.definitions import FAILING, TASKS, VARIANTS, pipeline, settings_of, states

WAITING = ("CheckData", "DeployModel")


def retries(one: Pipeline, task: str) -> dict[str, Any]:
    """The rule of every error that a task retries."""
    return {error: rule for rule in states(one)[task]["Retry"] for error in rule["ErrorEquals"]}


def busy_of(one: Pipeline) -> dict[str, Any]:
    """The retry rule for a busy endpoint, which is the same in every state."""
    first, second = (retries(one, task)["EndpointBusy"] for task in WAITING)
    assert isinstance(first, dict)
    assert first == second
    return first


def delays(rule: dict[str, Any]) -> list[float]:
    """The seconds before each retry, as the Amazon States Language defines them."""
    growing = (rule["IntervalSeconds"] * rule["BackoffRate"] ** retry for retry in range(rule["MaxAttempts"]))
    return [min(delay, rule["MaxDelaySeconds"]) for delay in growing]


UNANSWERED = {
    "Lambda.Unknown",
    "Runtime.ExitError",  # the process ended, or was killed
    "Runtime.OutOfMemory",
    "Runtime.TruncatedResponse",
    "Runtime.Unknown",
    "Sandbox.Failure",
    "Sandbox.Timedout",
    "Sandbox.Timeout",
    "States.Timeout",
}
# The other errors of Lambda and its Python runtime, with the reason why the next call would fail, too:
# https://github.com/aws/aws-lambda-runtime-interface-emulator,
# https://github.com/aws/aws-lambda-python-runtime-interface-client
REPEATED = {
    "Runtime.ImportModuleError": "the code cannot be imported",
    "Runtime.UserCodeSyntaxError": "the code cannot be compiled",
    "Runtime.HandlerNotFound": "the code lacks the handler",
    "Runtime.MalformedHandlerName": "the function's Handler is wrong",
    "Runtime.BuiltInModuleConflict": "a module has the name of a built-in module",
    "Runtime.MarshalError": "the code returns what is not JSON",
    "Runtime.UnmarshalError": "the input is not JSON",
    "Function.ResponseSizeTooLarge": "the code returns too much",
    "Runtime.InvalidEntrypoint": "the image lacks its entry point",
    "Runtime.InvalidWorkingDir": "the image lacks its working directory",
    "Runtime.InvalidTaskConfig": "the image's configuration is wrong",
}


@pytest.mark.parametrize("task", TASKS)
def test_what_passes_by_itself_is_retried_everywhere(task: str) -> None:
    rules = retries(pipeline(), task)
    for error in ("ServiceException", "AWSLambdaException", "SdkClientException", "ClientExecutionTimeoutException"):
        assert rules[f"Lambda.{error}"]["MaxAttempts"] == 6
    assert rules["Throttled"] == rules["Lambda.TooManyRequestsException"] == rules["Lambda.ServiceException"]


@pytest.mark.parametrize("task", FAILING)
def test_a_function_that_gave_no_answer_is_asked_twice_more(task: str) -> None:
    assert {retries(pipeline(), task)[error]["MaxAttempts"] for error in UNANSWERED} == {2}


@pytest.mark.parametrize("task", TASKS)
def test_errors_of_the_code_itself_are_not_retried(task: str) -> None:
    assert not REPEATED.keys() & retries(pipeline(), task).keys()


def test_slack_is_not_told_twice_what_it_may_have_heard() -> None:
    assert not UNANSWERED & set(retries(pipeline(), "NotifySlack"))


@pytest.mark.parametrize("task", TASKS)
def test_a_watermark_that_reads_back_old_is_written_again(task: str) -> None:
    assert ("WatermarkNotAdvanced" in retries(pipeline(), task)) == (task == "UpdateParameters")


@pytest.mark.parametrize("task", TASKS)
def test_instances_that_others_hold_are_waited_for_where_instances_are_asked_for(task: str) -> None:
    assert ("QuotaInUse" in retries(pipeline(), task)) == (task in ("StartTrainingJob", "DeployModel"))


def test_the_wait_for_a_quota_is_part_of_the_hour_that_instances_have_to_come() -> None:
    rule = retries(pipeline(), "StartTrainingJob")["QuotaInUse"]
    assert rule["IntervalSeconds"] * rule["MaxAttempts"] * rule["BackoffRate"] == 3600
    one = pipeline(training={"max_runtime_minutes": 30})
    assert settings_of(one, "GetStatus")["training_timeout_minutes"] == 30 + 60


@pytest.mark.parametrize(("minutes", "attempts"), [(1, 1), (20, 4), (60, 12), (1440, 12)])
def test_the_wait_for_a_quota_is_no_longer_than_one_for_a_busy_endpoint(minutes: int, attempts: int) -> None:
    one = pipeline(endpoint={"timeout_minutes": minutes})
    assert retries(one, "DeployModel")["QuotaInUse"]["MaxAttempts"] == attempts
    if minutes > 1:
        assert 300 * attempts <= 30 * busy_of(one)["MaxAttempts"]


@pytest.mark.parametrize("task", TASKS)
def test_only_some_states_wait_for_the_endpoint(task: str) -> None:
    assert ("EndpointBusy" in retries(pipeline(), task)) == (task in WAITING)


@pytest.mark.parametrize("poll", [1, 2, 10, 60, 3600])
@pytest.mark.parametrize(("minutes", "waited"), [(1, 1), (60, 60), (1440, 120)])
def test_a_busy_endpoint_is_waited_for_as_long_as_a_deployment_and_two_hours_at_most(
    minutes: int, waited: int, poll: int
) -> None:
    one = pipeline(endpoint={"timeout_minutes": minutes}).model_copy(update={"poll_interval_seconds": poll})
    assert 60 * waited <= sum(delays(busy_of(one))) <= 60 * waited + 150


@pytest.mark.parametrize(
    ("poll", "first"), [(1, [1, 2, 4, 8, 16, 30, 30]), (5, [5, 10, 20, 30, 30]), (60, [15, 30, 30])]
)
def test_a_busy_endpoint_is_asked_again_after_a_poll_and_at_last_by_the_half_minute(
    poll: int, first: list[float]
) -> None:
    one = pipeline().model_copy(update={"poll_interval_seconds": poll})
    assert delays(busy_of(one))[: len(first)] == first
    assert busy_of(one)["MaxDelaySeconds"] > busy_of(one)["IntervalSeconds"]


def test_the_wait_for_a_busy_endpoint_leaves_the_history_to_the_polls() -> None:
    events_of_a_failed_attempt = 3  # scheduled, started, failed
    assert events_of_a_failed_attempt * busy_of(VARIANTS["everything"])["MaxAttempts"] == 735


def test_the_run_is_bounded_by_what_its_parts_may_take() -> None:
    one = pipeline(training={"max_runtime_minutes": 30}, endpoint={"timeout_minutes": 20})
    waiting_for_a_busy_endpoint = 45 * 30
    assert sum(delays(busy_of(one))) <= waiting_for_a_busy_endpoint
    assert (
        json.loads(state_machine.render(one))["TimeoutSeconds"] == (30 + 20 + 60) * 60 + 2 * waiting_for_a_busy_endpoint
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_task_waits_longer_than_its_function_may_run(variant: str) -> None:
    one = VARIANTS[variant]
    called = [
        (handler, state["TimeoutSeconds"])
        for state in states(one).values()
        for handler in HANDLERS
        if f"${{{handler}_arn}}" in json.dumps(state)
    ]
    assert {handler for handler, _ in called} == set(one.handlers)
    assert [handler for handler, seconds in called if seconds <= limits(handler).timeout_seconds] == []
