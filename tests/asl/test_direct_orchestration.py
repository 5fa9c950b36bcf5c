"""Direct orchestration: the graph decides, in JSONata, what the Lambdas of polling decide in Python."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore import loaders

from refit.artifacts import state_machine
from refit.costs import transitions
from refit.domain import endpoint_actions, endpoint_status, training_status
from refit.domain.endpoint_status import ENDPOINT_STATES
from refit.domain.errors import StateError
from refit.pipeline.model import Pipeline
from tests.support.jsonata import evaluate

NAME = "prices-20261107-0a1b2c3d"
OTHER = "prices-20261106-ffffffff"
ENTERED = datetime(2026, 11, 7, 12, tzinfo=UTC)
ARN = "arn:aws:states:us-west-2:123456789012:execution:refit-prices:one"


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate({"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, **fields})


@cache
def states(orchestration: str = "direct") -> dict[str, Any]:
    one = pipeline(orchestration=orchestration, gate={"metric": "train:mse", "max": 60}, approval={})
    found = json.loads(state_machine.render(one))["States"]
    assert isinstance(found, dict)
    return found


def context(entered: datetime = ENTERED) -> dict[str, Any]:
    return {
        "Execution": {"Id": ARN, "Name": "one", "StartTime": "2026-11-07T11:00:00.000Z"},
        "State": {"EnteredTime": entered.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
    }


def outcome_of_choice(name: str, document: Any, **variables: Any) -> tuple[str, dict[str, Any]]:
    """Where a JSONata Choice leads, and what it assigns."""
    state = states()[name]
    for choice in state["Choices"]:
        given = {"context": context(), "variables": variables}
        if evaluate(choice["Condition"], document, **given):
            return choice["Next"], evaluate(choice.get("Assign", {}), document, **given)
    return state["Default"], {}


ENDPOINT_STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["EndpointStatus"]["enum"]
JOB_STATUSES = loaders.Loader().load_service_model("sagemaker", "service-2")["shapes"]["TrainingJobStatus"]["enum"]


@pytest.mark.parametrize("status", JOB_STATUSES)
@pytest.mark.parametrize("reason", [None, "AlgorithmError: bad row"])
def test_a_training_job_is_judged_as_polling_does(status: str, reason: str | None) -> None:
    job = {
        "TrainingJobName": NAME,
        "TrainingJobArn": f"arn:{NAME}",
        "TrainingJobStatus": status,
        "SecondaryStatus": "Training",
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/manifest"}}}],
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/model.tar.gz"},
        "FinalMetricDataList": [
            {"MetricName": "train:mse", "Value": 2.5},
            {"MetricName": "validation:mse", "Value": 3},
        ],
        "BillableTimeInSeconds": 61,
        **({"FailureReason": reason} if reason else {}),
    }
    document = {"name": NAME, "manifest": "s3://b/manifest"}
    told = evaluate(states()["DescribeTrainingJob"]["Output"], document, result=job, context=context())
    assert told["status"] == training_status.of_training(job, timedelta(0), timedelta(hours=1))


COMPLETED = {
    "TrainingJobStatus": "Completed",
    "SecondaryStatus": "Completed",
    "TrainingJobName": NAME,
    "BillableTimeInSeconds": 61,
}


@pytest.mark.parametrize("reported", [{}, {"FinalMetricDataList": [{"MetricName": "train:mse", "Value": "NaN"}]}])
def test_a_job_without_finite_metrics_has_none(reported: dict[str, Any]) -> None:
    told = evaluate(
        states()["StartTrainingJob"]["Output"], {"name": NAME}, result=COMPLETED | reported, context=context()
    )
    assert (told["status"]["state"], told["status"]["metrics"]) == ("JobCompleted", {})


def test_an_answer_that_is_no_description_is_asked_for_again() -> None:
    answer = {"TrainingJobStatus": "Completed", "TrainingJobName": NAME}
    told = evaluate(states()["StartTrainingJob"]["Output"], {"name": NAME}, result=answer, context=context())
    assert told["status"]["state"] == "InProgress"
    assert "deployment" not in told  # so that CheckStatusBranch goes to TrainingStatusWait, and from there asks the job


def test_the_job_and_the_waits_for_its_instances_fit_into_the_bound_of_the_run() -> None:
    found = states()
    (choice,) = found["TrainingQuotaBranch"]["Choices"]
    waits = int(choice["Condition"].rpartition(">=")[2].split()[0])
    longest = found["StartTrainingJob"]["TimeoutSeconds"] + waits * found["TrainingQuotaWait"]["Seconds"]
    assert longest == 60 * (60 + 60)  # max_runtime_minutes, and an hour for instances to come


def test_a_job_of_this_name_with_other_data_is_somebody_elses() -> None:
    job = {"InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3Uri": "s3://b/other"}}}]}
    document = {"name": NAME, "manifest": "s3://b/manifest"}
    told = evaluate(states()["DescribeTrainingJob"]["Output"], document, result=job, context=context())
    assert told["failed"]["StartTrainingJob"]["Error"] == "NameConflict"


@pytest.mark.parametrize("status", sorted({*ENDPOINT_STATUSES} | ENDPOINT_STATES.keys()))
@pytest.mark.parametrize("current", [NAME, OTHER])
@pytest.mark.parametrize("pending", [None, NAME, OTHER])
@pytest.mark.parametrize("reason", [None, "no capacity"])
@pytest.mark.parametrize("minutes", [1, 61])
def test_an_endpoint_is_judged_as_polling_does(
    status: str, current: str, pending: str | None, reason: str | None, minutes: int
) -> None:
    endpoint = {
        "EndpointName": "prices",
        "EndpointStatus": status,
        "EndpointConfigName": current,
        **({"PendingDeploymentSummary": {"EndpointConfigName": pending}} if pending else {}),
        **({"FailureReason": reason} if reason else {}),
    }
    started = ENTERED - timedelta(minutes=minutes)
    trained = {"model_data": "s3://b/model.tar.gz", "metrics": {"train:mse": 2.5}, "billable_seconds": 61}
    document = {
        "deployment": {"endpoint_config": NAME, "started_at": started.isoformat(), "next_look_seconds": 60},
        "status": {"state": "JobCompleted", "detail": "Completed", "reason": "", **trained},
    }
    document["deployment"]["started_at"] = context(started)["State"]["EnteredTime"]
    told = evaluate(states()["DescribeEndpoint"]["Output"], document, result=endpoint, context=context())
    wanted = endpoint_status.of_endpoint(endpoint, NAME, timedelta(minutes=minutes), timedelta(minutes=60))
    assert told["status"] == {**trained, **wanted}


def test_the_looks_at_an_endpoint_come_ever_later_and_at_least_every_two_minutes() -> None:
    endpoint = {"EndpointName": "prices", "EndpointStatus": "Updating", "EndpointConfigName": OTHER}
    document: Any = {
        "deployment": {
            "endpoint_config": NAME,
            "started_at": context()["State"]["EnteredTime"],
            "next_look_seconds": 60,
        }
    }
    waits = []
    for _ in range(4):
        waits.append(document["deployment"]["next_look_seconds"])
        document = evaluate(states()["DescribeEndpoint"]["Output"], document, result=endpoint, context=context())
    assert waits == [60, 120, 120, 120]


WAYS = {
    endpoint_actions.Action.CREATE: "CreateEndpoint",
    endpoint_actions.Action.UPDATE: "ServingConfig",
    endpoint_actions.Action.ADOPT: "EndpointAdopted",
    endpoint_actions.Action.REPLACE: "DeleteEndpoint",
}


@pytest.mark.parametrize("status", sorted({*ENDPOINT_STATUSES, "Unheard"}))
@pytest.mark.parametrize("current", [NAME, OTHER, "somebody-elses", "home-prices-20261107-0a1b2c3d"])
@pytest.mark.parametrize("pending", [None, NAME])
@pytest.mark.parametrize("watermark", [None, "2026-11-06"])
@pytest.mark.parametrize("model", [None, OTHER])
def test_what_is_done_about_an_endpoint_is_what_polling_does(
    status: str, current: str, pending: str | None, watermark: str | None, model: str | None
) -> None:
    described: dict[str, Any] = {"EndpointName": "prices", "EndpointStatus": status, "EndpointConfigName": current}
    if pending:
        described["PendingDeploymentSummary"] = {"EndpointConfigName": pending}
    document = {"name": NAME, "watermark": watermark, **({"model": model} if model else {})}
    found = evaluate(states()["FindEndpoint"]["Assign"], document, result=described, context=context())
    way, assigned = outcome_of_choice("EndpointBranch", document, **found, busy_waits=0, caught=None)
    assert (way, assigned.get("caught", {}).get("Error")) == expected(
        described, watermark is not None or model is not None
    )


def expected(described: dict[str, Any], has_served: bool) -> tuple[str, str | None]:
    """Where the graph must go for what endpoint_actions says of the endpoint, and the error that it tells of."""
    try:
        return WAYS[endpoint_actions.action(described, NAME, "prices", has_served=has_served)], None
    except endpoint_actions.EndpointBusy:
        return "EndpointBusyWait", None
    except StateError as error:
        return "DeploymentRefused", type(error).__name__


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
    ("holder", "document", "way"),
    [
        (ARN, {}, "CreateModel"),
        (ARN, {"model": OTHER}, "CreateEndpointConfig"),
        (ARN, {"deployment": {}}, "UpdateParametersBranch"),
        (ARN, {"evaluation": {"decision": "Rejected"}}, "UpdateParametersBranch"),
        ("arn:another", {}, "LeaseLost"),
        ("arn:another", {"deployment": {}}, "LeaseLost"),
    ],
)
def test_only_who_holds_the_lease_changes_anything(holder: str, document: dict[str, Any], way: str) -> None:
    assert outcome_of_choice("LeaseBranch", document, holder=holder)[0] == way


@pytest.mark.parametrize(("document", "task"), [({}, "DeployModel"), ({"deployment": {}}, "UpdateParameters")])
def test_a_lost_lease_is_told_under_the_state_that_needed_it(document: dict[str, Any], task: str) -> None:
    told = evaluate(states()["LeaseLost"]["Output"], document, context=context(), variables={"holder": "arn:another"})
    assert told["failed"][task]["Error"] == "LeaseLost"
    assert "arn:another" in told["failed"][task]["Cause"]


@pytest.mark.parametrize(
    ("newest", "watermark", "way"),
    [
        ("2026-11-07", None, "UpdateParameters"),
        ("2026-11-07", "2026-11-06", "UpdateParameters"),
        ("2026-11-07", "2026-11-07", "RememberRun"),
        ("2026-11-06", "2026-11-07", "WatermarkKept"),
        (None, "2026-11-07", "WatermarkKept"),
        (None, None, "WatermarkKept"),
    ],
)
def test_the_watermark_never_moves_back(newest: str | None, watermark: str | None, way: str) -> None:
    document = {"newest": newest, "watermark": watermark}
    assert outcome_of_choice("UpdateParametersBranch", document)[0] == way


DEPLOYED = {"outcome": "NewData", "status": {"state": "DeploymentCompleted"}, "deployment": {}, "parameters": {}}
LAMBDA = {"Error": "Throttled", "Cause": '{"errorMessage": "AWS was busy", "errorType": "Throttled"}'}
ENDS: list[tuple[dict[str, Any], str, str]] = [
    (DEPLOYED | {"reason": "7 of 7 days"}, "Deployed", "7 of 7 days"),
    (DEPLOYED | {"cleanup": {"Error": "x", "Cause": "y"}, "reason": "r"}, "Deployed", "r"),
    ({"outcome": "NewData", "status": {"state": "JobFailed", "reason": "bad row"}}, "JobFailed", "bad row"),
    ({"outcome": "NewData", "status": {"state": "DeploymentFailed", "reason": "gone"}}, "DeploymentFailed", "gone"),
    ({"evaluation": {"decision": "Rejected", "reason": "worse"}}, "ModelRejected", "worse"),
    ({"evaluation": {"decision": "Rejected", "reason": "worse"}, "parameters": {}}, "ModelRejected", "worse"),
    (DEPLOYED | {"evaluation": {"decision": "Accepted", "reason": "better"}, "reason": "r"}, "Deployed", "r"),
    ({"train_only": True, "status": {"state": "JobCompleted"}, "reason": "r"}, "Trained", "r"),
    ({"event": "soon", "failed": {"CheckData": LAMBDA}}, "CheckDataFailed", "Throttled: AWS was busy"),
    (
        DEPLOYED | {"failed": {"UpdateParameters": {"Error": "States.Timeout"}}},
        "UpdateParametersFailed",
        "States.Timeout: ",
    ),
    ({"failed": {"DeployModel": {"Error": "E", "Cause": "plain"}}}, "DeployModelFailed", "E: plain"),
    (
        {"failed": {"DeployModel": {"Error": "E", "Cause": '{"errorMessage": "cut'}}},
        "DeployModelFailed",
        'E: {"errorMessage": "cut',
    ),
    *(({"outcome": name, "reason": "why"}, name, "why") for name in ("NoNewData", "AlreadyRunning", "Held")),
    ({"outcome": "NothingToRedeploy", "reason": "why"}, "NothingToRedeploy", "why"),
    ({"outcome": "Sideways", "reason": "why"}, "UnexpectedState", "why"),
    ({}, "UnexpectedState", ""),
]


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
@pytest.mark.parametrize(
    ("document", "state", "reason"), ENDS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_run_knows_how_it_ended(orchestration: str, document: dict[str, Any], state: str, reason: str) -> None:
    written = states(orchestration)["WriteRecord"]
    (catch,) = written["Catch"]
    assert written["Arguments"]["Body"] == written["Output"] == catch["Output"]
    record = evaluate(written["Output"], document, context=context())
    assert record == document | {
        "end": {
            "state": state,
            "reason": reason,
            "started_at": "2026-11-07T11:00:00.000Z",
            "at": "2026-11-07T12:00:00.000Z",
        }
    }


def test_an_approval_that_nobody_gives_is_a_rejection() -> None:
    timed_out, _ = states()["AwaitApproval"]["Catch"]
    assert timed_out["ErrorEquals"] == ["States.Timeout"]
    told = evaluate(timed_out["Output"], {"evaluation": {"decision": "Accepted", "rows": 72}}, context=context())
    assert told["approval"]["approved"] is False
    assert told["evaluation"] == {
        "decision": "Rejected",
        "reason": "not approved: no answer within 1,440 minutes",
        "rows": 72,
    }


def test_an_approval_leaves_the_judgement_as_it_is() -> None:
    answer = {"approved": True, "by": "ann", "at": "2026-11-07T12:30:00Z", "reason": ""}
    document = {"evaluation": {"decision": "Accepted", "reason": "better"}}
    told = evaluate(states()["AwaitApproval"]["Output"], document, result=answer, context=context())
    assert told == document | {"approval": answer}


def test_a_persons_rejection_is_told_with_its_reason() -> None:
    answer = {"approved": False, "by": "ann", "at": "2026-11-07T12:30:00Z", "reason": "not today"}
    told = evaluate(states()["AwaitApproval"]["Output"], {}, result=answer, context=context())
    assert told["evaluation"] == {"decision": "Rejected", "reason": "rejected by ann: not today"}


def test_a_run_takes_a_fifth_of_the_transitions_and_a_tenth_of_the_calls() -> None:
    # An hour of training and eight minutes of deployment; the original graph has 15 transitions and three a look.
    original, calls = 15 + 3 * 68, 7 + 68
    steps = transitions.count(json.loads(state_machine.render(pipeline())))
    looks = transitions.looks(steps, 60, (60, 8))
    assert 5 * (steps.base + steps.poll * looks) <= original
    assert 10 * (steps.base_tasks + steps.poll_tasks * looks) <= calls


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_page_of_the_state_machine_tells_how_many(orchestration: str) -> None:
    steps = transitions.count(json.loads(state_machine.render(pipeline(orchestration=orchestration))))
    looks = transitions.looks(steps, 60, (60, 8))
    counted = f" | {steps.base + steps.poll * looks} | {steps.base_tasks + steps.poll_tasks * looks} |"
    page = (Path(__file__).parents[2] / "docs" / "state-machine.md").read_text()
    assert [line for line in page.splitlines() if line.startswith(f"| `{orchestration}`") and line.endswith(counted)]


@pytest.mark.parametrize("minutes", [5, 60, 40_000])
def test_the_transitions_do_not_grow_with_the_training(minutes: int) -> None:
    steps = transitions.count(json.loads(state_machine.render(pipeline())))
    assert transitions.looks(steps, 60, (minutes, 8)) == transitions.looks(steps, 60, (5, 8))
