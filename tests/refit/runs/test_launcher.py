"""A run is started once, joined while it is running, and restarted only for a reason."""

from __future__ import annotations

import time

import pytest

from refit.aws.session import Aws
from refit.errors import PipelineHeld
from refit.runs.execution_names import ATTEMPTS
from refit.runs.launcher import Launcher
from tests.support.command_line import refit
from tests.support.triggers import DEPLOYS, FAILS, GATED, HELD, Stacks, result


def test_the_embedded_cloud_is_polled_more_often_than_aws(
    stacks: Stacks, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks.add("p-one", DEPLOYS)
    stacks.merge()
    slept: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr("refit.aws.executions.time.sleep", lambda seconds: (slept.append(seconds), sleep(seconds)))
    assert stacks.trigger(wait=True, poll_seconds=None).error is None
    assert set(slept) == {0.5}
    assert Launcher(aws, "a machine").pause == 0.5
    assert Launcher(Aws("us-west-2"), "a machine").pause == 5.0


def test_again_starts_nothing_twice(stacks: Stacks) -> None:
    stacks.add("d-one", DEPLOYS)
    stacks.merge()
    first = stacks.trigger(wait=True)
    said: list[str] = []
    again = stacks.trigger(wait=True, report=said.append)
    found = result(again, "d-one")
    assert (found.how, found.outcome, found.arn) == ("ran before", "Deployed", result(first, "d-one").arn)
    assert said == [f"local/d-one  retrain: ran before · {found.run} · Deployed · 7 of 7 days have data"]
    assert again.error is None
    assert len(stacks.executions("d-one")) == 1


def test_a_running_run_is_joined(stacks: Stacks) -> None:
    stacks.add("e-one", GATED)
    stacks.gates["e-one"].close()
    stacks.merge()
    stacks.trigger()
    # The first line comes when the run has been found.
    found = result(stacks.trigger(wait=True, report=lambda line: stacks.gates["e-one"].open()), "e-one")
    assert (found.how, found.outcome) == ("was running", "Deployed")
    assert len(stacks.executions("e-one")) == 1


def test_a_failed_run_is_reported_again_and_is_an_error_only_with_wait(stacks: Stacks) -> None:
    stacks.add("f-one", FAILS)
    stacks.merge()
    stacks.trigger(wait=True)
    glanced = stacks.trigger()
    assert (result(glanced, "f-one").how, result(glanced, "f-one").outcome) == ("ran before", "JobFailed")
    assert glanced.error is None
    waited = stacks.trigger(wait=True)
    again = "JobFailed: AlgorithmError: row 3 has 12 columns; to start it again, add --force"
    assert str(waited.error).endswith(again)
    assert len(stacks.executions("f-one")) == 1


def test_retry_failed_restarts_failed_runs_only(stacks: Stacks) -> None:
    stacks.add("g-bad", FAILS)
    stacks.add("g-good", DEPLOYS)
    head = stacks.merge()
    stacks.trigger(wait=True)
    found = stacks.trigger("g-bad", "g-good", force=True, retry_failed=True, wait=True)
    name = f"{head[:12]}-20261116-20261122"
    assert (result(found, "g-bad").how, result(found, "g-bad").run) == ("started", f"{name}-2")
    assert (result(found, "g-good").how, result(found, "g-good").run) == ("ran before", name)
    assert stacks.executions("g-bad") == [name, f"{name}-2"]


def test_restart_succeeded_restarts_a_successful_run(stacks: Stacks) -> None:
    stacks.add("g-back", DEPLOYS)
    stacks.merge()
    first = stacks.trigger("g-back", force=True, wait=True)
    anew = stacks.trigger("g-back", force=True, restart_succeeded=True, wait=True)
    assert result(anew, "g-back").how == "started"
    assert result(anew, "g-back").run == f"{result(first, 'g-back').run}-2"


def test_a_run_that_decides_by_the_data_is_started_again_each_time(stacks: Stacks) -> None:
    stacks.add("g-daily", DEPLOYS)
    stacks.merge()
    runs = [
        result(stacks.trigger("g-daily", retry_failed=True, restart_succeeded=True, wait=True), "g-daily")
        for _ in "123"
    ]
    assert [one.how for one in runs] == ["started"] * 3
    name = str(runs[0].run)
    assert name.endswith("-if-new")
    assert [one.run for one in runs] == [name, f"{name}-2", f"{name}-3"]


def test_a_restart_without_a_name_left_says_that_nothing_was_started(
    stacks: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("refit.runs.launcher.ATTEMPTS", 2)
    stacks.add("g-often", DEPLOYS)
    stacks.merge()
    for _ in "12":
        assert stacks.trigger("g-often", restart_succeeded=True, wait=True).error is None
    often = stacks.trigger("g-often", restart_succeeded=True, wait=True)
    found = result(often, "g-often")
    assert (found.how, found.failed) == ("not started", True)
    assert found.reason == (
        f"nothing was started: {found.run} has been started 2 times; "
        "commit a change, or name other days: --window START..END"
    )
    assert len(stacks.executions("g-often")) == 2


def test_a_failed_run_is_retried_more_often_than_nine_times_and_then_says_so(
    stacks: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ATTEMPTS == 99
    monkeypatch.setattr("refit.runs.launcher.ATTEMPTS", 2)
    stacks.add("g-fails", FAILS)
    stacks.merge()
    for _ in "12":
        found = result(stacks.trigger(retry_failed=True, wait=True), "g-fails")
        assert (found.how, found.outcome) == ("started", "JobFailed")
    found = result(stacks.trigger(retry_failed=True, wait=True), "g-fails")
    assert (found.how, found.failed) == ("not started", True)
    assert found.reason.startswith(f"nothing was started: {found.run} has been started 2 times; ")


def test_another_run_is_waited_for_before_the_run_is_started_again(stacks: Stacks) -> None:
    stacks.add("h-one", HELD)
    head = stacks.merge()
    stacks.aws.stepfunctions.start_execution(stateMachineArn=stacks.machines["h-one"], name="other", input="{}")
    found = result(stacks.trigger(wait=True), "h-one")
    assert (found.outcome, found.run, found.failed) == ("Deployed", f"{head[:12]}-20261116-20261122-2", False)
    again = result(stacks.trigger(wait=True), "h-one")
    assert (again.how, again.run) == ("ran before", found.run)
    assert len(stacks.executions("h-one")) == 3


def test_a_pipeline_that_stays_busy_is_a_failure(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refit.runs.launcher.ATTEMPTS", 3)
    stacks.add("i-one", {"AlreadyRunning": {"Type": "Succeed"}})
    stacks.merge()
    found = result(stacks.trigger(wait=True), "i-one")
    assert (found.outcome, found.failed) == ("AlreadyRunning", True)
    assert len(stacks.executions("i-one")) == 3
    stacks.trigger(wait=True)
    assert len(stacks.executions("i-one")) == 3


def test_a_hold_is_no_failure_and_is_reported_once_with_its_holder_and_the_command_to_release(stacks: Stacks) -> None:
    said = "held by ada since 2026-11-22T06:00:00Z: flats; release it: refit release local/o-one"
    stacks.add("o-one", {"CheckData": {"Type": "Pass", "Result": {"reason": said}, "Next": "Held"}})
    head = stacks.merge()
    held = stacks.trigger(wait=True)
    assert (result(held, "o-one").outcome, result(held, "o-one").failed) == ("Held", False)
    assert isinstance(held.error, PipelineHeld)
    assert held.error.exit_code == 3
    assert str(held.error) == "1 of 1 pipeline is held: nothing was changed"
    assert held.error.hint == "once the hold is released, start the held runs: refit trigger local/o-one --force"
    assert held.document()["held"]
    assert "\n".join(stacks.said).count(said) == 1
    line = ("trigger", "--base", stacks.checkout.base, "--wait")
    strict, lenient = (refit(*line, *option, cwd=stacks.checkout.root) for option in ((), ("--accept-hold",)))
    assert (strict.returncode, lenient.returncode) == (3, 0), (strict.stderr, lenient.stderr)
    assert all("1 of 1 pipeline is held: nothing was changed" in one.stderr for one in (strict, lenient))

    stacks.release("o-one")
    released = result(stacks.trigger(wait=True), "o-one")
    assert (released.outcome, released.failed) == ("Deployed", False)
    assert (released.how, released.run) == ("started", f"{head[:12]}-20261116-20261122-4")
