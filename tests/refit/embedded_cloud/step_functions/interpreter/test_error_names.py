from __future__ import annotations

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.error_names import TimedOut, matches

ALL, TASK_FAILED = "States.ALL", "States.TaskFailed"


@pytest.mark.parametrize(
    ("error", "matched"),
    [
        (StatesError("Broken"), {ALL, TASK_FAILED, "Broken"}),
        (StatesError(None), {ALL, TASK_FAILED}),
        (TimedOut(heartbeat=False), {ALL, "States.Timeout"}),
        (TimedOut(heartbeat=True), {ALL, "States.Timeout", "States.HeartbeatTimeout"}),
        (StatesError("States.DataLimitExceeded"), {"States.DataLimitExceeded"}),
        (StatesError("States.Runtime"), set()),
        (StatesError("States.QueryEvaluationError"), {ALL, TASK_FAILED, "States.QueryEvaluationError"}),
        (StatesError("Lambda.Unknown"), {ALL, TASK_FAILED, "Lambda.Unknown"}),
    ],
    ids=["named", "unnamed", "timeout", "heartbeat", "data-limit", "runtime", "query-evaluation", "lambda"],
)
def test_an_error_is_matched_by_its_name_and_by_wildcards(error: StatesError, matched: set[str]) -> None:
    names = {ALL, TASK_FAILED, "Broken", "States.Timeout", "States.HeartbeatTimeout", "States.DataLimitExceeded"}
    names |= {"States.Runtime", "States.QueryEvaluationError", "Lambda.Unknown"}
    assert {name for name in names if matches(["Another", name], error)} == matched
