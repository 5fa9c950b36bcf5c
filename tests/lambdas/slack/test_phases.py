"""The texts of each phase of a run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.lambdas.slack_messages import EARLIER, ENDPOINT_LINK, JOB_LINK, NAME, RUN_LINK, said
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, redeployment_document, run_document


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
        (["2026-11-01/2026-11-30"], "No data for 2026-11-01 to 2026-11-30."),
        (["2026-11-01/2026-11-03", "2026-11-05"], "No data for 2026-11-01 to 2026-11-03, 2026-11-05."),
        (
            [f"2026-{month:02}-01" for month in range(1, 13)],
            "No data for 2026-01-01, 2026-02-01, 2026-03-01, 2026-04-01, 2026-05-01, 2026-06-01, 2026-07-01, "
            "2026-08-01, 2026-09-01, 2026-10-01 and 2 more days.",
        ),
    ],
)
def test_a_message_has_room_for_few_missing_days(missing: list[str], line: str) -> None:
    days = run_document()["days"] | {"missing": missing}
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


QUALITY = {
    "decision": "Rejected",
    "reason": "1 of 7 days breaks the data contract: 2026-11-21: price: -7, below min = 0 (row 2 of data/a.csv)",
    "skipped": [],
}


def test_rejected_data_is_named_and_nothing_was_trained() -> None:
    assert said(run_document(quality=QUALITY, watermark="2026-11-20")) == [
        "home-prices: data rejected",
        f"{QUALITY['reason']}.",
        "Nothing was trained. The watermark stays at 2026-11-20.",
        RUN_LINK,
    ]


def test_days_that_are_left_out_are_named() -> None:
    why = "without 2026-11-21: price: -7, below min = 0: 600 rows of 6 days keep the data contract"
    quality = {"decision": "Accepted", "reason": why, "skipped": ["2026-11-21"]}
    assert f"Bad days are left out: {why}." in said(run_document(training=TRAINING, quality=quality))
