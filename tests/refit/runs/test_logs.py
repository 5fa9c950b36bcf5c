"""`refit logs`: the lines of one run only, from a state machine and log groups of the embedded cloud."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from refit.aws import executions, log_events
from refit.aws.execution_history import Step
from refit.aws.session import Aws
from refit.errors import CloudError, NotFound
from refit.project import PipelineRef
from refit.report.logs import text
from refit.runs.logs import RunLog, followed, logs, of_steps
from tests.support.checkout import MINIMAL, write

JOB = "home-prices-20261122-0a1b2c3d"


NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def ref(tmp_path: Path, exported: None) -> PipelineRef:
    return write(tmp_path, MINIMAL, environment="local")


@pytest.fixture(scope="module")
def state_machine(aws: Aws, states_role: str) -> str:
    """A state machine that ends immediately with a run document, or fails if the input says so."""
    definition = {
        "StartAt": "StartTrainingJob",
        "States": {
            "StartTrainingJob": {"Type": "Pass", "Next": "Branch"},
            "Branch": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.fails", "BooleanEquals": True, "Next": "JobFailed"}],
                "Default": "Deployed",
            },
            "Deployed": {"Type": "Succeed"},
            "JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "row 7 is not a number"},
        },
    }
    made = aws.stepfunctions.create_state_machine(
        name="refit-home-prices", definition=json.dumps(definition), roleArn=states_role
    )
    return made["stateMachineArn"]


def run(aws: Aws, state_machine: str, name: str, *, fails: bool = False) -> None:
    """A whole execution of that name, whose document names a training job."""
    arn = executions.start(aws, state_machine, name, {"training": {"job": JOB}, "fails": fails})
    for _ in executions.follow(aws, arn, poll_seconds=0.05):
        pass


def say(aws: Aws, group: str, stream: str, *messages: str) -> None:
    """Writes messages to a log stream with the current time; creates the group and the stream if they do not exist."""
    exists = aws.logs.exceptions.ResourceAlreadyExistsException
    for create, names in (
        (aws.logs.create_log_group, {"logGroupName": group}),
        (aws.logs.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
    ):
        try:
            create(**names)  # type: ignore[operator]
        except exists:
            continue
    now = int(time.time() * 1000)
    lines: Any = [{"timestamp": now, "message": message} for message in messages]
    aws.logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)


def invoked(run: str, outcome: str, **more: object) -> str:
    """The line of an invocation, as lambdas/aws/handler.py prints it."""
    return json.dumps({"state": "CheckData", "run": run, "outcome": outcome, **more, "milliseconds": 12})


def said(log: RunLog, source: str) -> list[str]:
    return [line.message for line in log.lines if line.source == source]


CHECK_DATA = "/aws/lambda/refit-home-prices-check-data"


def test_a_pipeline_that_is_not_applied_has_no_logs(ref: PipelineRef) -> None:
    with pytest.raises(NotFound, match="local/home-prices is not applied") as raised:
        logs(ref)
    assert raised.value.hint == "run: refit terraform apply local/home-prices"


def test_a_pipeline_without_a_run_says_so(ref: PipelineRef, state_machine: str) -> None:
    with pytest.raises(NotFound, match="has had no run yet"):
        logs(ref)


def test_the_log_of_the_newest_run_has_its_states_in_order(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "daily-1")
    run(aws, state_machine, "daily-2", fails=True)
    log = logs(ref)
    assert (log.run, log.outcome) == ("daily-2", "JobFailed")
    assert [message.split()[0] for message in said(log, "states")] == ["StartTrainingJob", "Branch", "JobFailed"]
    assert [line.at for line in log.lines] == sorted(line.at for line in log.lines)


def test_a_run_is_found_by_the_beginning_of_its_name_if_no_other_has_it(
    ref: PipelineRef, aws: Aws, state_machine: str
) -> None:
    for name in ("nightly-1", "nightly-12", "weekly-1"):
        run(aws, state_machine, name)
    assert logs(ref, "week").run == "weekly-1"
    assert logs(ref, "nightly-1").run == "nightly-1"
    with pytest.raises(NotFound, match="2 runs of local/home-prices begin with night") as raised:
        logs(ref, "night")
    assert raised.value.hint == "write more of it: nightly-12, nightly-1"


def test_following_a_run_shows_each_line_once_until_it_ends(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "watched-1")
    parts = list(followed(ref, "watched-1", pause_seconds=0.05))
    assert [line for part in parts for line in part.lines] == list(logs(ref, "watched-1").lines)


def test_a_run_is_found_by_its_name_and_by_its_arn(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "named")
    run(aws, state_machine, "later")
    arn = state_machine.replace(":stateMachine:", ":execution:")
    assert logs(ref, "named").run == logs(ref, f"{arn}:named").run == "named"


def test_an_unknown_run_is_answered_with_the_newest_runs(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "exists")
    with pytest.raises(NotFound, match="local/home-prices: no run gone found") as raised:
        logs(ref, "gone")
    assert raised.value.hint
    assert raised.value.hint.startswith("the newest runs: exists")


def test_lines_of_other_runs_are_left_out(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "mine")
    say(
        aws,
        CHECK_DATA,
        "one",
        "START RequestId: 1",
        invoked("mine", "NewData"),
        invoked("mine-2", "NewData"),
        invoked("another", "Throttled", message="mine"),
        "[ERROR] Exception in the run mine",
        "[ERROR] Exception in the run mine-2",
    )
    assert said(logs(ref, "mine"), "check_data") == [invoked("mine", "NewData"), "[ERROR] Exception in the run mine"]


def test_only_the_streams_of_the_runs_own_job_are_read(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "trains")
    say(aws, "/aws/sagemaker/TrainingJobs", f"{JOB}/algo-1-1", "epoch 1", "epoch 2")
    say(aws, "/aws/sagemaker/TrainingJobs", f"{JOB}-other/algo-1-1", "not ours")
    assert said(logs(ref, "trains"), "training") == ["epoch 1", "epoch 2"]


def test_lines_beyond_the_limit_are_cut_with_a_notice(ref: PipelineRef, aws: Aws, state_machine: str) -> None:
    run(aws, state_machine, "talks")
    say(aws, CHECK_DATA, "talks", *(invoked("talks", str(number)) for number in range(20)))
    log = logs(ref, "talks", limit=5)
    assert len(said(log, "check_data")) == 5
    assert log.cut == ("check_data",)
    assert list(text(log))[-1] == "… more lines of check_data are in CloudWatch; use --limit to show more"


def test_a_cloud_that_is_not_running_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("REFIT_STATE_DIR", str(tmp_path / ".refit"))
    with pytest.raises(CloudError, match="not running"):
        logs(write(tmp_path, MINIMAL, environment="local"))


def test_a_log_group_that_does_not_exist_has_no_events(aws: Aws) -> None:
    assert log_events.events(aws, "/none", NOW, NOW + timedelta(hours=1), limit=10) == []


def steps(*entered: tuple[str, dict[str, Any]]) -> list[Step]:
    """The steps of a run that has entered and left these states, a second each."""
    found = []
    for number, (state, document) in enumerate(entered):
        at = NOW + timedelta(seconds=number)
        found += [Step(state, left, at, document) for left in (False, True)]
    return found


def polled(detail: str) -> list[tuple[str, dict[str, Any]]]:
    status = {"status": {"state": "InProgress", "detail": detail, "reason": "", "metrics": {}}}
    return [("CheckStatusWait", {}), ("GetStatus", status), ("CheckStatusBranch", status)]


def test_polls_are_shown_only_if_their_text_changes() -> None:
    waiting = [*polled("Training"), *polled("Training"), *polled("Training"), *polled("Uploading")]
    assert [line.message for line in of_steps(steps(*waiting, ("JobCompleted", {})), "prod/prices")] == [
        "GetStatus  Training",
        "GetStatus  Uploading",
        "JobCompleted",
    ]


def test_the_current_state_comes_last() -> None:
    running = [*steps(("JobCompleted", {})), Step("DeployModel", False, NOW + timedelta(seconds=9), {})]
    assert [line.message for line in of_steps(running, "prod/prices")] == ["JobCompleted", "DeployModel"]
