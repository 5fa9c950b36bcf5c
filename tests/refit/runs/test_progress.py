"""The line about each state of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from refit.aws.execution_history import Step
from refit.runs.progress import Progress, describe

KEY = "prod/prices"
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def step(state: str, document: Mapping[str, Any], *, left: bool = True, seconds: float = 0) -> Step:
    return Step(state, left, NOW + timedelta(seconds=seconds), document)


@pytest.mark.parametrize(
    ("models", "configs", "expected"),
    [
        ([], [], "nothing to delete"),
        ([], ["c"], "deleted 1 endpoint config"),
        (["m"], [], "deleted 1 model"),
        (["m", "n"], ["c"], "deleted 2 models and 1 endpoint config"),
    ],
)
def test_clean_up_says_what_it_deleted(models: list[str], configs: list[str], expected: str) -> None:
    document = {"cleanup": {"models": models, "endpoint_configs": configs}}
    assert describe(step("CleanUp", document), KEY) == expected


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        ({"approved": True, "by": "ada", "reason": "better"}, "approved by ada · better"),
        ({"approved": False, "by": "ada", "reason": ""}, "rejected by ada"),
        (
            {"approved": False, "by": None, "reason": "no answer within 1 minute"},
            "rejected · no answer within 1 minute",
        ),
    ],
)
def test_an_approval_has_its_answer_and_its_reason(approval: dict[str, Any], expected: str) -> None:
    assert describe(step("AwaitApproval", {"approval": approval}), KEY) == expected


def test_a_run_that_waits_says_how_to_approve_it() -> None:
    entered = step("AwaitApproval", {"pipeline": "prices", "run": "daily-1"}, left=False)
    assert describe(entered, KEY) == "waits for approval: refit approve prod/prices daily-1"


def test_a_state_that_failed_has_its_error_and_the_last_state_its_name_alone() -> None:
    failed = {"failed": {"DeployModel": {"Error": "LeaseLost", "Cause": "…"}}}
    assert describe(step("DeployModel", failed), KEY) == "LeaseLost"
    last = {"end": {"state": "Deployed"}}
    assert (describe(step("Deployed", last, left=False), KEY), describe(step("Deployed", last), KEY)) == (None, "")


def test_progress_reports_polls_once_per_change_and_counts_states() -> None:
    lines: list[str] = []
    progress = Progress(lines.append, KEY)
    for seconds, detail in enumerate(("InProgress/Training", "InProgress/Training", "InProgress/Uploading")):
        document = {"status": {"state": "InProgress", "detail": detail, "reason": ""}}
        progress.on_step(step("GetStatus", {}, left=False, seconds=seconds))
        progress.on_step(step("GetStatus", document, seconds=seconds))
    assert [line.split(maxsplit=3)[2:] for line in lines] == [
        ["GetStatus", "InProgress, Training"],
        ["GetStatus", "InProgress, Uploading"],
    ]
    assert progress.states == 3


def test_a_long_wait_is_not_silent_for_a_minute() -> None:
    now = 0.0
    said: list[tuple[float, str]] = []
    progress = Progress(lambda line: said.append((now, line)), KEY, clock=lambda: now)
    progress.on_step(step("StartTrainingJob", {"name": "job-1"}, left=False))
    for second in range(0, 200, 5):
        now = float(second)
        progress.on_wait()
    assert [line for _, line in said[1:3]] == [
        "  45.0 s  StartTrainingJob     still running",
        "  90.0 s  StartTrainingJob     still running",
    ]
    times = [at for at, _ in said] + [now]
    assert max(later - earlier for earlier, later in pairwise(times)) < 60
