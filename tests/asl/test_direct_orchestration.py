"""Direct orchestration: the graph makes in JSONata the decisions that Lambdas make in Python with polling."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore import loaders

from refit.artifacts import state_machine
from refit.costs import transitions
from refit.domain import endpoint_actions, messages
from refit.domain.endpoint_actions import Action
from refit.domain.errors import EndpointBusy, StateError
from tests.support.definitions import pipeline
from tests.support.direct_orchestration import outcome_of_choice, states
from tests.support.jsonata import ENTERED, NAME, OTHER, context, evaluate, instant

ENDPOINT_STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["EndpointStatus"]["enum"]


def test_the_job_and_the_waits_for_its_instances_fit_into_the_bound_of_the_run() -> None:
    found = states()
    (choice,) = found["TrainingQuotaBranch"]["Choices"]
    waits = int(choice["Condition"].rpartition(">=")[2].split()[0])
    longest = found["StartTrainingJob"]["TimeoutSeconds"] + waits * found["TrainingQuotaWait"]["Seconds"]
    assert longest == 60 * (60 + 60)  # max_runtime_minutes, and an hour for instances to come


WAYS = {
    Action.CREATE: "CreateEndpoint",
    Action.UPDATE: "ServingConfig",
    Action.ADOPT: "EndpointAdopted",
    Action.REPLACE: "DeleteEndpoint",
}


@pytest.mark.parametrize("status", sorted({*ENDPOINT_STATUSES, "Unheard"}))
@pytest.mark.parametrize("current", [NAME, OTHER, "somebody-elses", "home-prices-20261107-0a1b2c3d"])
@pytest.mark.parametrize("pending", [None, NAME])
@pytest.mark.parametrize("watermark", [None, "2026-11-06"])
@pytest.mark.parametrize("model", [None, OTHER])
@pytest.mark.parametrize("reason", [None, "no capacity"])
def test_what_is_done_about_an_endpoint_is_what_polling_does(
    status: str, current: str, pending: str | None, watermark: str | None, model: str | None, reason: str | None
) -> None:
    described: dict[str, Any] = {"EndpointName": "prices", "EndpointStatus": status, "EndpointConfigName": current}
    if pending:
        described["PendingDeploymentSummary"] = {"EndpointConfigName": pending}
    if reason:
        described["FailureReason"] = reason
    document = {"name": NAME, "watermark": watermark, **({"model": model} if model else {})}
    found = evaluate(states()["FindEndpoint"]["Assign"], document, result=described, context=context())
    for waits in (0, 10_000):
        way, assigned = outcome_of_choice("EndpointBranch", document, **found, busy_waits=waits, caught=None)
        expected = polling(described, has_served=watermark is not None or model is not None, waits=waits)
        assert (way, assigned.get("caught")) == expected


def polling(described: dict[str, Any], *, has_served: bool, waits: int) -> tuple[str, dict[str, str] | None]:
    """The state that must follow for DeployModel's action on the endpoint, and the error that must be reported."""
    try:
        return WAYS[endpoint_actions.action(described, NAME, "prices", has_served=has_served)], None
    except StateError as error:
        if isinstance(error, EndpointBusy) and not waits:
            return "EndpointBusyWait", None
        return "DeploymentRefused", {"Error": type(error).__name__, "Cause": str(error)}


def test_an_endpoint_that_is_not_there_is_created() -> None:
    caught = {
        "Error": "SageMaker.SageMakerException",
        "Cause": 'Could not find endpoint "prices". (Service: SageMaker)',
    }
    (catch,) = states()["FindEndpoint"]["Catch"]
    assigned = evaluate(catch["Assign"], {"name": NAME}, errorOutput=caught, context=context())
    assert outcome_of_choice("EndpointBranch", {"name": NAME}, **assigned, busy_waits=0)[0] == "CreateEndpoint"


@pytest.mark.parametrize(
    ("cause", "waits", "way"),
    [
        ("Rate exceeded (Service: SageMaker, Status Code: 400)", 0, "EndpointBusyWait"),
        ("Rate exceeded (Service: SageMaker, Status Code: 400)", 10_000, "DeploymentRefused"),
        ("Internal failure (Service: SageMaker, Status Code: 503)", 0, "EndpointBusyWait"),
        ("User is not authorized (Service: SageMaker, Status Code: 400)", 0, "DeploymentRefused"),
    ],
)
def test_only_what_passes_is_waited_for(cause: str, waits: int, way: str) -> None:
    found = {"endpoint": {"status": "Unknown"}, "caught": {"Error": "SageMaker.SageMakerException", "Cause": cause}}
    assert outcome_of_choice("EndpointBranch", {"name": NAME}, **found, busy_waits=waits)[0] == way


LIMIT = "The limit is {} Instances, with current utilization of 1 Instances and a request delta of {} Instances."


@pytest.mark.parametrize(
    ("limit", "wanted", "waits", "way"),
    [(2, 1, 0, "TrainingQuotaWait"), (0, 1, 0, "TrainingRefused"), (2, 1, 12, "TrainingRefused")],
)
def test_instances_that_others_hold_are_waited_for_and_a_small_quota_is_not(
    limit: int, wanted: int, waits: int, way: str
) -> None:
    caught = {"Error": "SageMaker.ResourceLimitExceededException", "Cause": LIMIT.format(limit, wanted)}
    assert outcome_of_choice("TrainingQuotaBranch", {}, caught=caught, quota_waits=waits)[0] == way
    serving = outcome_of_choice("ChangeRefusedBranch", {}, caught=caught, quota_waits=waits, busy_waits=0)[0]
    assert serving == {"TrainingQuotaWait": "ServingQuotaWait"}.get(way, "DeploymentRefused")


@pytest.mark.parametrize(
    ("status", "minutes", "way"),
    [
        ("InProgress/Training", 89, "TrainingStatusWait"),
        ("InProgress/Training", 91, "StopTrainingJob"),
        ("Stopping/Stopping", 91, "StopTrainingJob"),
        ("Completed/Completed", 91, "MetricsWait"),
    ],
)
def test_a_job_that_has_completed_in_time_is_not_thrown_away_while_it_reports_its_metrics(
    status: str, minutes: int, way: str
) -> None:
    asked_at = instant(ENTERED - timedelta(minutes=minutes))
    document = {"training": {"asked_at": asked_at}, "status": {"state": "InProgress", "detail": status}}
    assert outcome_of_choice("TrainingStatusBranch", document)[0] == way


def test_every_way_to_wait_for_the_job_ends_in_its_description() -> None:
    found = states()
    assert found["StartTrainingJob"]["Next"] == "DescribeTrainingJob"
    assert [catch["Next"] for catch in found["StartTrainingJob"]["Catch"]] == [
        "RedriveBranch",
        "TrainingQuotaBranch",
        "StopTrainingJob",
        "DescribeTrainingJob",
    ]
    (refused,) = found["StopTrainingJob"]["Catch"]
    assert found["StopTrainingJob"]["Next"] == refused["Next"] == "TrainingStatusWait"
    assert found["TrainingStatusWait"]["Next"] == found["MetricsWait"]["Next"] == "DescribeTrainingJob"


@pytest.mark.parametrize(
    ("cause", "late"),
    [
        ("The request was rejected because the training job is in status Completed.", messages.AND_STOPPED),
        ("User is not authorized", ""),
    ],
)
def test_a_job_that_could_not_be_stopped_is_not_said_to_be(cause: str, late: str) -> None:
    (refused,) = states()["StopTrainingJob"]["Catch"]
    assert evaluate(refused["Assign"], {}, errorOutput={"Cause": cause}) == {"late": late}


@pytest.mark.parametrize("caught", [{"Error": "", "Cause": ""}, {"Error": "States.TaskFailed", "Cause": "{}"}])
def test_a_job_that_cannot_be_described_fails_with_the_first_error(caught: dict[str, str]) -> None:
    (refused,) = states()["DescribeTrainingJob"]["Catch"]
    error = {"Error": "SageMaker.SageMakerException", "Cause": "User is not authorized"}
    found = evaluate(refused["Output"], {}, errorOutput=error, variables={"caught": caught})
    assert found == {"failed": {"StartTrainingJob": caught if caught["Error"] else error}}


def test_a_run_takes_about_a_fifth_of_the_transitions_and_a_tenth_of_the_calls() -> None:
    # An hour of training and eight minutes of deployment; the original graph has 15 transitions and 3 per check.
    original, calls = 15 + 3 * 68, 7 + 68
    steps = transitions.count(json.loads(state_machine.render(pipeline(orchestration="direct"))))
    polls = transitions.poll_count(steps, 60, (60, 8))
    assert 4.85 * (steps.base + steps.poll * polls) <= original
    assert 10 * (steps.base_tasks + steps.poll_tasks * polls) <= calls


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_page_of_the_state_machine_tells_how_many(orchestration: str) -> None:
    steps = transitions.count(json.loads(state_machine.render(pipeline(orchestration=orchestration))))
    polls = transitions.poll_count(steps, 60, (60, 8))
    counted = f" | {steps.base + steps.poll * polls} | {steps.base_tasks + steps.poll_tasks * polls} |"
    page = (Path(__file__).parents[2] / "docs" / "state-machine.md").read_text()
    assert [line for line in page.splitlines() if line.startswith(f"| `{orchestration}`") and line.endswith(counted)]


@pytest.mark.parametrize("minutes", [5, 60, 40_000])
def test_the_transitions_do_not_grow_with_the_training(minutes: int) -> None:
    steps = transitions.count(json.loads(state_machine.render(pipeline(orchestration="direct"))))
    assert transitions.poll_count(steps, 60, (minutes, 8)) == transitions.poll_count(steps, 60, (5, 8))
