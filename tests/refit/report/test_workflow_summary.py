"""The summary of a workflow's step: one row per pipeline."""

from __future__ import annotations

from datetime import UTC, datetime

from refit.git import Commit
from refit.plan.actions import Action
from refit.plan.plan import Plan
from refit.plan.trigger_results import PipelineResult, TriggerResult
from refit.report.workflow_summary import summary
from tests.support.golden import same_as

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)


PLAN = Plan(None, Commit("0123456789abcdef" + "0" * 24, AT), AT, ())


def test_the_summary_of_runs() -> None:
    results = (
        PipelineResult(
            "prod/prices", Action.RETRAIN, "started", "0123456789ab-20261109-20261122", "arn:…", "Deployed", "", 412.4
        ),
        PipelineResult(
            "prod/churn",
            Action.RETRAIN,
            "ran before",
            "0123456789ab-20261116-20261122",
            "arn:…",
            "JobFailed",
            "AlgorithmError: row 3 | <b>@octocat</b>\n`x`",
            61.0,
            failed=True,
        ),
        PipelineResult(
            "prod/late", Action.REDEPLOY, "not started", "0123456789ab-redeploy", reason="no stack", failed=True
        ),
        PipelineResult("prod/chatty", Action.APPLY_ONLY, "nothing to start", reason="terraform apply is enough"),
    )
    assert same_as("summary.md", summary(TriggerResult(PLAN, results)))


def test_a_held_pipeline_has_not_failed() -> None:
    results = (PipelineResult("prod/held", Action.RETRAIN, "started", "run", "arn:…", "Held", "held by ada", 1.0),)
    assert "Nothing failed. **1 of 1 held:** nothing was changed there." in summary(TriggerResult(PLAN, results))


def test_the_summary_of_no_runs() -> None:
    assert "No pipeline changed, so no run starts." in summary(TriggerResult(PLAN, ()))
