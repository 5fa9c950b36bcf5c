"""`refit trigger`: the runs of a plan are started once each, followed concurrently, and fail independently."""

from __future__ import annotations

import json

import pytest

from refit.plan.actions import REMOVED, Action
from refit.plan.trigger_results import NOTHING_TO_START
from refit.runs.launcher import NOT_STARTED
from tests.support.checkout import FOLDER
from tests.support.gate import within_bound
from tests.support.triggers import DEPLOYS, FAILS, GATED, WAITS, Stacks, result


def test_the_announced_run_is_started_with_the_announced_input(stacks: Stacks) -> None:
    stacks.add("a-one", DEPLOYS)
    head = stacks.merge()
    found = result(stacks.trigger(), "a-one")
    assert (found.how, found.run, found.outcome) == ("started", f"{head[:12]}-20261116-20261122", "Running")
    assert stacks.input(found.arn) == {
        "source": "refit.schedule",
        "time": "2026-11-22T07:00:00Z",
        "detail": {"window": {"start": "2026-11-16", "end": "2026-11-22"}, "commit": head, "force": True},
    }


def test_a_merge_whose_stack_is_not_applied_as_its_file_says_starts_nothing(stacks: Stacks) -> None:
    check = {"Type": "Pass", "Parameters": {"settings": {"window": {"days": 3}}}, "Next": "Deployed"}
    stacks.add("n-one", {"CheckData": check})
    stacks.merge()
    found = result(stacks.trigger(), "n-one")
    assert (found.how, found.failed) == (NOT_STARTED, True)
    assert found.reason.startswith("the stack of local/n-one differs from its file: CheckData.settings.")
    assert found.reason.endswith("; run: refit terraform apply local/n-one")
    assert stacks.executions("n-one") == []
    named = stacks.trigger("n-one", restart_succeeded=True)
    assert result(named, "n-one").how == "started", "by name, the run of what is deployed is wanted"


def test_waiting_follows_all_runs_and_one_failure_does_not_stop_the_others(stacks: Stacks) -> None:
    stacks.add("b-good", DEPLOYS)
    stacks.add("b-bad", FAILS)
    stacks.add("b-late", DEPLOYS)
    stacks.add("b-none")
    stacks.merge()
    said: list[str] = []
    triggered = stacks.trigger(wait=True, report=said.append)
    assert {one.pipeline.removeprefix("local/"): (one.how, one.outcome) for one in triggered.results} == {
        "b-bad": ("started", "JobFailed"),
        "b-good": ("started", "Deployed"),
        "b-late": ("started", "Deployed"),
        "b-none": (NOT_STARTED, None),
    }
    assert [one.pipeline for one in triggered.failures] == ["local/b-bad", "local/b-none"]
    assert result(triggered, "b-bad").reason == "AlgorithmError: row 3 has 12 columns"
    assert "refit terraform apply local/b-none" in result(triggered, "b-none").reason
    assert str(triggered.error).splitlines()[:2] == [
        "2 of 4 pipelines failed:",
        "local/b-bad: JobFailed: AlgorithmError: row 3 has 12 columns",
    ]
    assert any(line.startswith("local/b-good  ") and "7 of 7 days have data" in line for line in said)
    assert (result(triggered, "b-good").seconds or 0) >= 0.9
    json.dumps(triggered.document())


def test_runs_are_waited_for_together(stacks: Stacks) -> None:
    names = [f"c-{number}" for number in range(4)]
    for name in names:
        stacks.add(name, GATED)
        stacks.gates[name].close()
    stacks.merge()
    ended: list[str] = []

    def say(line: str) -> None:
        # The runs end in reverse order. Following them one after the other would never return.
        name = line.partition(" ")[0].removeprefix("local/")
        if line.endswith("Deployed"):
            ended.append(name)
        elif name != names[-1]:
            return
        if waiting := [one for one in names if one not in ended]:
            stacks.gates[waiting[-1]].open()

    assert within_bound(lambda: stacks.trigger(wait=True, report=say)).error is None
    assert ended == names[::-1]


def test_what_is_only_applied_or_removed_or_broken_starts_nothing(stacks: Stacks) -> None:
    for name in ("j-applied", "j-removed", "j-broken"):
        stacks.add(name, DEPLOYS)
    base = stacks.merge()
    stacks.checkout.pipeline("local/j-applied", "log_retention_days = 60")
    stacks.checkout.pipeline("local/j-broken", "window = { days = 0 }")
    (stacks.checkout.root / FOLDER / "local" / "j-removed.tfvars").unlink()
    stacks.merge()
    said: list[str] = []
    triggered = stacks.trigger(base=base, wait=True, report=said.append)
    assert {one.pipeline: (one.action, one.how, one.failed) for one in triggered.results} == {
        "local/j-applied": (Action.APPLY_ONLY, NOTHING_TO_START, False),
        "local/j-broken": (Action.NONE, NOT_STARTED, True),
        "local/j-removed": (Action.NONE, NOTHING_TO_START, False),
    }
    assert "window.days must be between 1 and 3653" in result(triggered, "j-broken").reason
    assert [line.partition(" · ")[0] for line in said] == [
        "local/j-applied  apply-only: nothing to start",
        "local/j-broken  not started",
        "local/j-removed  nothing to start",
    ]
    assert REMOVED in said[-1]
    assert [stacks.executions(name) for name in stacks.machines] == [[], [], []]


def test_a_redeployment_says_so_in_its_event(stacks: Stacks) -> None:
    stacks.add("k-one", DEPLOYS)
    base = stacks.merge()
    stacks.checkout.pipeline("local/k-one", "endpoint = { instance_count = 2 }")
    head = stacks.merge()
    found = result(stacks.trigger(base=base), "k-one")
    assert (found.action, found.run) == (Action.REDEPLOY, f"{head[:12]}-redeploy")
    assert stacks.input(found.arn)["detail"] == {"redeploy": True, "commit": head}


def test_a_cloud_that_is_not_running_is_reported_for_each_pipeline(
    stacks: Stacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks.add("l-one")
    stacks.add("l-two")
    stacks.merge()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    triggered = stacks.trigger(wait=True)
    assert [one.how for one in triggered.results] == [NOT_STARTED, NOT_STARTED]
    assert result(triggered, "l-one").reason == 'the embedded cloud is not running; run: eval "$(refit local up)"'


def test_a_run_that_is_stopped_by_hand_is_a_failure(stacks: Stacks) -> None:
    stacks.add("m-one", WAITS)
    stacks.merge()
    started = result(stacks.trigger(), "m-one")
    assert started.arn is not None
    stacks.aws.stepfunctions.stop_execution(executionArn=started.arn, cause="by hand")
    found = result(stacks.trigger(wait=True), "m-one")
    assert (found.outcome, found.failed) == ("Aborted", True)
