"""The texts about a model's evaluation and approval."""

from __future__ import annotations

import pytest

from tests.support.lambdas.slack_messages import ACCEPTED, COMPARED, JOB_LINK, NAME, REJECTED, RUN_LINK, said, spoken
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, run_document


def test_metrics_are_said_once_a_run() -> None:
    completed = run_document(training=TRAINING, status=JOB_COMPLETED)
    deploying = completed | {"deployment": DEPLOYMENT}
    deployed = deploying | {"parameters": {"watermark": "2026-11-22", "advanced": True}}
    assert ["mse" in spoken(run).text for run in (completed, deploying, deployed)] == [False, False, True]


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
