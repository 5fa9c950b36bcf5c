"""How long a run may wait for approval, from the time at which it began and the pipeline file."""

from __future__ import annotations

from datetime import UTC, datetime

from refit.aws.approval_wait import ApprovalWait
from refit.aws.executions import RUNNING, ExecutionState
from tests.support.definitions import pipeline

SINCE = datetime(2026, 11, 22, 6, 7, tzinfo=UTC)


def execution(since: datetime | None) -> ExecutionState:
    return ExecutionState("arn:run", RUNNING, "Running", "", 60.0, {}, SINCE, since)


def test_a_wait_ends_after_the_time_limit_of_the_file() -> None:
    patient = pipeline(approval={"timeout_minutes": 90})
    assert ApprovalWait.of(execution(SINCE), patient) == ApprovalWait("2026-11-22T06:07:00Z", "2026-11-22T07:37:00Z")


def test_a_run_that_does_not_wait_has_no_wait() -> None:
    assert ApprovalWait.of(execution(None), pipeline(approval={})) is None


def test_without_approval_in_the_file_the_end_is_unknown() -> None:
    assert ApprovalWait.of(execution(SINCE), pipeline()) == ApprovalWait("2026-11-22T06:07:00Z", None)
