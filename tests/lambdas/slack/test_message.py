"""What a run says in Slack at each phase."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from lambdas.slack.message import Message, message
from lambdas.slack.phases import MAX_REASON
from refit.domain import console_links
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, redeployment_document, run_document

ARN = run_document()["execution_arn"]
NAME = run_document()["name"]
EARLIER = "home-prices-20261121-ffffffff"
ACCEPTED = {
    "decision": "Accepted",
    "reason": "validation:mse is 21.4: meets max = 60",
    "metric": "validation:mse",
    "challenger": 21.4,
    "champion": 22.918,
    "champion_model": EARLIER,
    "rows": 1000,
}
COMPARED = f"mse: challenger 21.4, champion 22.92 ({EARLIER}) on 1,000 held-out rows."
REJECTED = {"decision": "Rejected", "reason": "validation:mse is 70.3: above max = 60", "metric": "validation:mse"}
CONSOLE = "https://us-west-2.console.aws.amazon.com"
RUN_LINK = f"{CONSOLE}/states/home?region=us-west-2#/v2/executions/details/{ARN}"
JOB_LINK = f"{CONSOLE}/sagemaker/home?region=us-west-2#/jobs/{NAME}"
ENDPOINT_LINK = f"{CONSOLE}/sagemaker/home?region=us-west-2#/endpoints/home-prices"


NOW = datetime(2026, 11, 22, 6, 10, 30, tzinfo=UTC)


def spoken(run: dict[str, Any], approval: dict[str, int] | None = None) -> Message:
    settings = {"pipeline": "home-prices", "environment": "prod", "region": "us-west-2", "approval": approval}
    return message(run, ARN, settings, NOW)


def said(run: dict[str, Any], approval: dict[str, int] | None = None) -> list[str]:
    return spoken(run, approval).text.split("\n")


def test_training_started() -> None:
    assert said(run_document(training=TRAINING)) == [
        "home-prices: training started",
        "Window 2026-11-16 to 2026-11-22: 5 days to train on, 1 held out; 12 objects, 1.2 MB.",
        "No data for 2026-11-19.",
        JOB_LINK,
        RUN_LINK,
    ]


@pytest.mark.parametrize(
    ("held_out", "line"),
    [
        ([], "Window 2026-11-16 to 2026-11-22: 1 day to train on, none held out; 1 object, 800 B."),
        (["2026-11-22"], "Window 2026-11-16 to 2026-11-22: 1 day to train on, 1 held out; 1 object, 800 B."),
    ],
)
def test_one_of_a_thing_is_said_so(held_out: list[str], line: str) -> None:
    days = {"train": ["2026-11-21"], "validation": held_out, "missing": []}
    assert said(run_document(training=TRAINING, days=days, objects=1, bytes=800))[1:] == [line, JOB_LINK, RUN_LINK]


@pytest.mark.parametrize(
    ("missing", "line"),
    [
        (5, "No data for 2026-11-01, 2026-11-02, 2026-11-03, 2026-11-04, 2026-11-05."),
        (6, "No data for 2026-11-01, 2026-11-02, 2026-11-03, 2026-11-04, 2026-11-05 and 1 more day."),
        (25, "No data for 2026-11-01, 2026-11-02, 2026-11-03, 2026-11-04, 2026-11-05 and 20 more days."),
    ],
)
def test_a_message_has_room_for_few_missing_days(missing: int, line: str) -> None:
    days = run_document()["days"] | {"missing": [f"2026-11-{day:02}" for day in range(1, missing + 1)]}
    assert said(run_document(training=TRAINING, days=days))[2] == line


@pytest.mark.parametrize(
    ("action", "where"),
    [
        ("created", "to the new endpoint home-prices."),
        ("updated", "to the endpoint home-prices; the previous model serves until it is ready."),
        ("adopted", "to the endpoint home-prices."),
    ],
)
def test_deployment_started(action: str, where: str) -> None:
    assert said(run_document(training=TRAINING, status=JOB_COMPLETED, deployment=DEPLOYMENT | {"action": action})) == [
        "home-prices: deployment started",
        f"{NAME} {where}",
        ENDPOINT_LINK,
        RUN_LINK,
    ]


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"watermark": "2026-11-22", "advanced": True}, "The watermark is now 2026-11-22."),
        (
            {"watermark": "2026-11-30", "advanced": False},
            "The watermark stays at 2026-11-30.",
        ),
    ],
)
def test_deployed(parameters: dict[str, Any], line: str) -> None:
    status = JOB_COMPLETED | {"state": "DeploymentCompleted", "detail": "InService"}
    run = run_document(training=TRAINING, status=status, deployment=DEPLOYMENT, parameters=parameters)
    assert said(run) == [
        "home-prices: deployed",
        f"{NAME}, trained on data up to 2026-11-22, is live on the endpoint home-prices.",
        "On the held-out days: mse 21.4.",
        line,
        RUN_LINK,
    ]


def test_metrics_are_said_once_a_run() -> None:
    completed = run_document(training=TRAINING, status=JOB_COMPLETED)
    deploying = completed | {"deployment": DEPLOYMENT}
    deployed = deploying | {"parameters": {"watermark": "2026-11-22", "advanced": True}}
    assert ["mse" in spoken(run).text for run in (completed, deploying, deployed)] == [False, False, True]


def test_training_failed() -> None:
    status = {"state": "JobFailed", "detail": "Failed/Failed", "reason": "row 7 has 12 columns"}
    assert said(run_document(training=TRAINING, status=status)) == [
        "home-prices: training failed",
        "row 7 has 12 columns",
        JOB_LINK,
        RUN_LINK,
    ]


def test_deployment_failed() -> None:
    status = JOB_COMPLETED | {"state": "DeploymentFailed", "detail": "InService", "reason": "rolled back"}
    run = run_document(training=TRAINING, status=status, deployment=DEPLOYMENT, watermark="2026-11-21")
    assert said(run) == [
        "home-prices: deployment failed",
        "rolled back",
        "The watermark stays at 2026-11-21.",
        ENDPOINT_LINK,
        RUN_LINK,
    ]


def test_redeployment_started() -> None:
    assert said(redeployment_document(deployment=DEPLOYMENT)) == [
        "home-prices: redeployment started",
        "redeploying home-prices-20261121-ffffffff: 1 × ml.m5.large → 2 × ml.m5.xlarge. Nothing is trained.",
        ENDPOINT_LINK,
        RUN_LINK,
    ]


@pytest.mark.parametrize(("watermark", "shown"), [("2026-11-21", "2026-11-21"), (None, "never")])
def test_redeployed(watermark: str | None, shown: str) -> None:
    status = {"state": "DeploymentCompleted", "detail": "InService", "reason": ""}
    parameters = {"watermark": watermark, "previous": watermark, "advanced": False}
    assert said(redeployment_document(deployment=DEPLOYMENT, status=status, parameters=parameters)) == [
        "home-prices: redeployed",
        "home-prices-20261121-ffffffff is live on the endpoint home-prices with the new settings; nothing was trained.",
        f"The watermark stays at {shown}.",
        RUN_LINK,
    ]


def test_redeployment_failed() -> None:
    status = {"state": "DeploymentFailed", "detail": "InService", "reason": "rolled back"}
    assert said(redeployment_document(deployment=DEPLOYMENT, status=status)) == [
        "home-prices: redeployment failed",
        "rolled back",
        "The watermark stays at 2026-11-21.",
        ENDPOINT_LINK,
        RUN_LINK,
    ]


def test_training_that_is_about_to_start_is_said_to_have_started() -> None:
    assert said(run_document()) == said(run_document(training=TRAINING))


def test_new_data_that_is_old_already_is_said_to_be() -> None:
    stale = "The newest data is from 2026-11-22: 9 days old."
    assert said(run_document(training=TRAINING, stale=stale))[3] == stale


def test_a_run_without_a_newer_day_says_what_has_changed() -> None:
    reason = "6 of 7 days have data, the newest 2026-11-22; corrected: 2026-11-18"
    run = run_document(training=TRAINING, status=JOB_COMPLETED, reason=reason, watermark="2026-11-22")
    assert said(run)[3] == f"No newer day: {reason}."
    parameters = {"watermark": "2026-11-22", "previous": "2026-11-22", "advanced": False}
    assert said(run | {"deployment": DEPLOYMENT, "parameters": parameters})[2] == f"No newer day: {reason}."


def test_data_that_has_stopped_to_arrive() -> None:
    reason, stale = "no data in the window 2026-11-16 to 2026-11-22", "The newest data is from 2026-11-10: 12 days old."
    days = {"train": [], "validation": [], "missing": ["2026-11-22"]}
    run = run_document(outcome="NoNewData", reason=reason, stale=stale, days=days, objects=0, bytes=0)
    assert said(run) == ["home-prices: data is stale", stale, f"{reason}.", RUN_LINK]


def test_a_model_that_the_gate_rejects() -> None:
    run = run_document(training=TRAINING, status=JOB_COMPLETED, evaluation=REJECTED, watermark="2026-11-21")
    assert said(run) == [
        "home-prices: model rejected",
        REJECTED["reason"],
        "Nothing was deployed. The watermark stays at 2026-11-21.",
        JOB_LINK,
        RUN_LINK,
    ]


def test_a_rejection_may_move_the_watermark() -> None:
    parameters = {"watermark": "2026-11-22", "previous": "2026-11-21", "advanced": True}
    run = run_document(training=TRAINING, status=JOB_COMPLETED, evaluation=REJECTED, parameters=parameters)
    assert said(run)[2] == "Nothing was deployed. The watermark is now 2026-11-22."


def test_a_model_that_a_person_rejects_comes_with_its_numbers() -> None:
    approval = {"approved": False, "by": "alice", "at": "2026-11-22T07:00:00Z", "reason": "a strange week"}
    evaluation = ACCEPTED | {"decision": "Rejected", "reason": "rejected by alice: a strange week"}
    run = run_document(training=TRAINING, status=JOB_COMPLETED, evaluation=evaluation, approval=approval)
    assert said(run)[1:3] == ["rejected by alice: a strange week", COMPARED]


def test_waiting_for_approval() -> None:
    run = run_document(training=TRAINING, status=JOB_COMPLETED, evaluation=ACCEPTED)
    assert said(run, {"timeout_minutes": 1440}) == [
        "home-prices: waiting for approval",
        f"{NAME}, trained on data up to 2026-11-22, is waiting for approval.",
        ACCEPTED["reason"],
        "To approve: refit approve prod/home-prices run-1",
        'To reject: refit reject prod/home-prices run-1 --reason "…"',
        "If nobody answers by 2026-11-23 06:10 UTC, it is rejected.",
        JOB_LINK,
        RUN_LINK,
    ]


def test_without_a_gate_a_person_gets_the_training_jobs_numbers() -> None:
    run = run_document(training=TRAINING, status=JOB_COMPLETED)
    assert said(run, {"timeout_minutes": 60})[2] == "On the held-out days: mse 21.4."


@pytest.mark.parametrize(
    ("reason", "line"), [("", "Approved by alice."), ("looks good", "Approved by alice: looks good")]
)
def test_a_deployment_says_who_approved_it(reason: str, line: str) -> None:
    approval = {"approved": True, "by": "alice", "at": "2026-11-22T07:00:00Z", "reason": reason}
    run = run_document(training=TRAINING, status=JOB_COMPLETED, approval=approval, deployment=DEPLOYMENT)
    assert said(run, {"timeout_minutes": 60})[:2] == ["home-prices: deployment started", line]


def test_a_deployed_model_is_set_beside_the_one_before_it() -> None:
    parameters = {"watermark": "2026-11-22", "previous": "2026-11-21", "advanced": True}
    status = JOB_COMPLETED | {"state": "DeploymentCompleted", "detail": "InService"}
    run = run_document(status=status, evaluation=ACCEPTED, deployment=DEPLOYMENT, parameters=parameters)
    assert said(run)[2:4] == ["On the held-out days: mse 21.4.", COMPARED]


def test_a_model_that_was_deployed_without_a_comparison_says_why() -> None:
    parameters = {"watermark": "2026-11-22", "previous": None, "advanced": True}
    why = "validation:mse is 21.4: meets max = 60; not compared with a live model: no model has served yet"
    evaluation = ACCEPTED | {"reason": why, "champion": None, "champion_model": None, "rows": 0}
    run = run_document(status=JOB_COMPLETED, evaluation=evaluation, deployment=DEPLOYMENT, parameters=parameters)
    assert said(run)[2:4] == ["On the held-out days: mse 21.4.", f"{why}."]


@pytest.mark.parametrize(
    ("sections", "lines"),
    [
        (
            {},
            ["home-prices: rollback started", f"restoring {EARLIER} on 1 × ml.m5.large. Nothing is trained."],
        ),
        (
            {"parameters": {"watermark": "2026-11-21", "previous": "2026-11-21", "advanced": False}},
            [
                "home-prices: rolled back",
                f"{EARLIER} is live on the endpoint home-prices again; nothing was trained.",
                "The watermark stays at 2026-11-21.",
            ],
        ),
        (
            {"status": {"state": "DeploymentFailed", "detail": "InService", "reason": "an alarm rang"}},
            ["home-prices: rollback failed", "an alarm rang", "The watermark stays at 2026-11-21."],
        ),
    ],
)
def test_a_rollback(sections: dict[str, Any], lines: list[str]) -> None:
    reason = f"restoring {EARLIER} on 1 × ml.m5.large"
    run = redeployment_document(outcome="Rollback", reason=reason, deployment=DEPLOYMENT, **sections)
    assert said(run)[: len(lines)] == lines


LOUD = [
    {"failed": {"DeployModel": {"Error": "X"}}},
    {"status": {"state": "JobFailed", "reason": "x"}},
    {"status": {"state": "DeploymentFailed", "reason": "x"}},
    {"status": JOB_COMPLETED, "evaluation": {"decision": "Rejected", "reason": "x"}},
    {"status": JOB_COMPLETED},
]
QUIET = [{}, {"deployment": DEPLOYMENT}, {"status": JOB_COMPLETED, "parameters": {"watermark": None, "advanced": True}}]


@pytest.mark.parametrize(("sections", "loud"), [*((each, True) for each in LOUD), *((each, False) for each in QUIET)])
def test_the_channel_is_to_notice_what_failed_and_what_waits(sections: dict[str, Any], loud: bool) -> None:
    assert spoken(run_document(**sections), {"timeout_minutes": 60}).loud is loud


def test_a_state_that_failed_says_its_lambdas_own_words() -> None:
    cause = json.dumps({"errorMessage": "the endpoint is Failed", "errorType": "EndpointFailed", "stackTrace": []})
    failed = {"DeployModel": {"Error": "EndpointFailed", "Cause": cause}}
    assert said(run_document(training=TRAINING, status=JOB_COMPLETED, failed=failed)) == [
        "home-prices: DeployModel failed",
        "EndpointFailed: the endpoint is Failed",
        RUN_LINK,
    ]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            {"Error": "States.Timeout", "Cause": ""},
            "States.Timeout: no response within the state's time limit",
        ),
        ({"Error": "States.Timeout"}, "States.Timeout: no response within the state's time limit"),
        ({"Error": "Lambda.Unknown"}, "Lambda.Unknown: AWS gives no cause"),
        ({"Error": "Lambda.Unknown", "Cause": "The cause could not be determined"}, "Lambda.Unknown: The cause could "),
        ({"Error": "X", "Cause": "[1]"}, "X: [1]"),
    ],
)
def test_a_check_that_failed_has_no_document_but_the_event(error: dict[str, str], line: str) -> None:
    event = {"source": "refit.schedule", "time": "soon", "detail": {}, "failed": {"CheckData": error}}
    lines = said(event)
    assert lines[0] == "home-prices: CheckData failed"
    assert lines[1].startswith(line)
    assert lines[2] == RUN_LINK


def test_nothing_that_a_run_meets_can_speak_slacks_markup() -> None:
    status = {"state": "JobFailed", "detail": "", "reason": "<!channel> a & b <https://evil.example|click>"}
    lines = said(run_document(training=TRAINING, status=status))
    assert lines[1] == "&lt;!channel&gt; a &amp; b &lt;https://evil.example|click&gt;"


def test_a_long_reason_is_cut() -> None:
    status = {"state": "JobFailed", "detail": "", "reason": "x" * 50_000}
    assert len(said(run_document(training=TRAINING, status=status))[1]) == MAX_REASON + 1


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/states/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/states/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/states/"),
    ],
)
def test_each_partition_has_its_own_console(region: str, start: str) -> None:
    assert console_links.execution(region, ARN).url.startswith(start)
