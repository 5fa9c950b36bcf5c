"""Starting announced runs on a real Step Functions: each once, all together, one failing without the others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refit.aws.session import Aws
from refit.plan.actions import REMOVED, Action
from refit.plan.trigger import trigger
from refit.plan.trigger_plan import announced
from refit.plan.trigger_results import NOTHING_TO_START, Result, TriggerResult
from refit.runs.launcher import Launcher
from refit.runs.request import NOT_STARTED
from tests.support.checkout import FOLDER, Checkout

ENDS = {"Deployed": {"Type": "Succeed"}, "AlreadyRunning": {"Type": "Succeed"}, "Held": {"Type": "Succeed"}}
DEPLOYS = {
    "Wait": {"Type": "Wait", "Seconds": 1, "Next": "CheckData"},
    "CheckData": {"Type": "Pass", "Result": {"reason": "7 of 7 days have data"}, "Next": "Deployed"},
}
FAILS = {"JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "AlgorithmError: row 3 has 12 columns"}}
WAITS = {"Wait": {"Type": "Wait", "Seconds": 600, "Next": "Deployed"}}
# The first execution finds the pipeline held by another; the one called "other" is that other.
HELD = {
    "Name": {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name"}, "Next": "Held"},
    "Held": {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.name", "StringMatches": "*-2", "Next": "Deployed"},
            {"Variable": "$.name", "StringEquals": "other", "Next": "Other"},
        ],
        "Default": "AlreadyRunning",
    },
    "Other": {"Type": "Wait", "Seconds": 2, "Next": "Deployed"},
}


def lasts(seconds: int) -> dict[str, Any]:
    return {"Wait": {"Type": "Wait", "Seconds": seconds, "Next": "Deployed"}}


def definition(states: dict[str, Any]) -> str:
    """A state machine of these states, and of the ends that they name."""
    ends = {name: state for name, state in ENDS.items() if f'"{name}"' in json.dumps(states)}
    return json.dumps({"StartAt": next(iter(states)), "States": {**ends, **states}})


class Stacks:
    """A checkout, and state machines in place of its stacks."""

    def __init__(self, checkout: Checkout, aws: Aws, role: str) -> None:
        self.checkout, self.aws, self.role = checkout, aws, role
        self.machines: dict[str, str] = {}

    def add(self, name: str, states: dict[str, Any] | None = None) -> None:
        """A pipeline file and, with `states`, its state machine."""
        self.checkout.pipeline(f"local/{name}")
        if states is not None:
            made = self.aws.stepfunctions.create_state_machine(
                name=f"refit-{name}", definition=definition(states), roleArn=self.role
            )
            self.machines[name] = made["stateMachineArn"]

    def release(self, name: str) -> None:
        """From now on the pipeline's runs deploy."""
        self.aws.stepfunctions.update_state_machine(stateMachineArn=self.machines[name], definition=definition(DEPLOYS))

    def merge(self) -> str:
        return self.checkout.commit()

    def trigger(self, *names: str, base: str | None = None, force: bool = False, **options: Any) -> TriggerResult:
        base = None if names else base or self.checkout.base
        plan = announced(self.checkout.project, base, names, force=force)
        return trigger(self.checkout.project, plan, **{"poll_seconds": 0.1, **options})

    def executions(self, name: str) -> list[str]:
        listed = self.aws.stepfunctions.list_executions(stateMachineArn=self.machines[name])["executions"]
        return sorted(execution["name"] for execution in listed)

    def input(self, arn: str | None) -> Any:
        assert arn is not None
        return json.loads(self.aws.stepfunctions.describe_execution(executionArn=arn)["input"])


@pytest.fixture
def stacks(tmp_path: Path, aws: Aws, states_role: str, exported: None) -> Iterator[Stacks]:
    made = Stacks(Checkout(tmp_path), aws, states_role)
    yield made
    for machine in made.machines.values():
        aws.stepfunctions.delete_state_machine(stateMachineArn=machine)


def result(triggered: TriggerResult, name: str) -> Result:
    (found,) = (one for one in triggered.results if one.pipeline == f"local/{name}")
    return found


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


def test_waiting_follows_all_runs_and_one_failure_does_not_stop_the_others(stacks: Stacks) -> None:
    stacks.add("b-good", DEPLOYS)
    stacks.add("b-bad", FAILS)
    stacks.add("b-late", DEPLOYS)
    stacks.add("b-none")
    stacks.merge()
    said: list[str] = []
    triggered = stacks.trigger(wait=True, say=said.append)
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
    for number in range(4):
        stacks.add(f"c-{number}", lasts(4))
    stacks.merge()
    before = time.monotonic()
    assert stacks.trigger(wait=True).error is None
    assert time.monotonic() - before < 4 * 4 - 1


def test_the_embedded_cloud_is_looked_at_more_often_than_aws(
    stacks: Stacks, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks.add("p-one", lasts(1))
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
    again = stacks.trigger(wait=True, say=said.append)
    found = result(again, "d-one")
    assert (found.how, found.outcome, found.arn) == ("ran before", "Deployed", result(first, "d-one").arn)
    assert said == [f"local/d-one  retrain: ran before · {found.run} · Deployed · 7 of 7 days have data"]
    assert again.error is None
    assert len(stacks.executions("d-one")) == 1


def test_a_run_that_goes_on_is_joined(stacks: Stacks) -> None:
    stacks.add("e-one", lasts(4))
    stacks.merge()
    stacks.trigger()
    found = result(stacks.trigger(wait=True), "e-one")
    assert (found.how, found.outcome) == ("was running", "Deployed")
    assert len(stacks.executions("e-one")) == 1


def test_a_failed_run_is_reported_again_and_fails_only_those_who_wait(stacks: Stacks) -> None:
    stacks.add("f-one", FAILS)
    stacks.merge()
    stacks.trigger(wait=True)
    glanced = stacks.trigger()
    assert (result(glanced, "f-one").how, result(glanced, "f-one").outcome) == ("ran before", "JobFailed")
    assert glanced.error is None
    waited = stacks.trigger(wait=True)
    again = "JobFailed: AlgorithmError: row 3 has 12 columns; to begin it anew, add --force"
    assert str(waited.error).endswith(again)
    assert len(stacks.executions("f-one")) == 1


def test_a_person_begins_a_failed_run_anew_and_a_good_one_never(stacks: Stacks) -> None:
    stacks.add("g-bad", FAILS)
    stacks.add("g-good", DEPLOYS)
    head = stacks.merge()
    stacks.trigger(wait=True)
    found = stacks.trigger("g-bad", "g-good", force=True, again=True, wait=True)
    name = f"{head[:12]}-20261116-20261122"
    assert (result(found, "g-bad").how, result(found, "g-bad").run) == ("started", f"{name}-2")
    assert (result(found, "g-good").how, result(found, "g-good").run) == ("ran before", name)
    assert stacks.executions("g-bad") == [name, f"{name}-2"]


def test_a_person_who_insists_begins_a_good_run_anew(stacks: Stacks) -> None:
    stacks.add("g-back", DEPLOYS)
    stacks.merge()
    first = stacks.trigger("g-back", force=True, wait=True)
    anew = stacks.trigger("g-back", force=True, anew=True, wait=True)
    assert result(anew, "g-back").how == "started"
    assert result(anew, "g-back").run == f"{result(first, 'g-back').run}-2"


def test_when_another_run_holds_the_pipeline_it_is_waited_for_and_the_run_begun_again(stacks: Stacks) -> None:
    stacks.add("h-one", HELD)
    head = stacks.merge()
    stacks.aws.stepfunctions.start_execution(stateMachineArn=stacks.machines["h-one"], name="other", input="{}")
    found = result(stacks.trigger(wait=True), "h-one")
    assert (found.outcome, found.run, found.failed) == ("Deployed", f"{head[:12]}-20261116-20261122-2", False)
    again = result(stacks.trigger(wait=True), "h-one")
    assert (again.how, again.run) == ("ran before", found.run)
    assert len(stacks.executions("h-one")) == 3


def test_a_pipeline_that_stays_held_is_a_failure(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("refit.runs.launcher.ATTEMPTS", 3)
    stacks.add("i-one", {"AlreadyRunning": {"Type": "Succeed"}})
    stacks.merge()
    found = result(stacks.trigger(wait=True), "i-one")
    assert (found.outcome, found.failed) == ("AlreadyRunning", True)
    assert len(stacks.executions("i-one")) == 3
    stacks.trigger(wait=True)
    assert len(stacks.executions("i-one")) == 3


def test_a_pipeline_that_a_person_holds_is_a_failure_that_says_who_and_how_to_go_on(stacks: Stacks) -> None:
    said = "held by ada since 2026-11-22T06:00:00Z: flats; release it: refit release local/o-one"
    stacks.add("o-one", {"CheckData": {"Type": "Pass", "Result": {"reason": said}, "Next": "Held"}})
    head = stacks.merge()
    held = stacks.trigger(wait=True)
    assert (result(held, "o-one").outcome, result(held, "o-one").failed) == ("Held", True)
    assert str(held.error) == f"1 of 1 pipelines failed:\nlocal/o-one: Held: {said}"

    stacks.release("o-one")
    released = result(stacks.trigger(wait=True), "o-one")
    assert (released.outcome, released.failed) == ("Deployed", False)
    assert (released.how, released.run) == ("started", f"{head[:12]}-20261116-20261122-2")


def test_what_is_only_applied_or_removed_or_broken_starts_nothing(stacks: Stacks) -> None:
    for name in ("j-applied", "j-removed", "j-broken"):
        stacks.add(name, DEPLOYS)
    base = stacks.merge()
    stacks.checkout.pipeline("local/j-applied", "log_retention_days = 60")
    stacks.checkout.pipeline("local/j-broken", "window = { days = 0 }")
    (stacks.checkout.root / FOLDER / "local" / "j-removed.tfvars").unlink()
    stacks.merge()
    said: list[str] = []
    triggered = stacks.trigger(base=base, wait=True, say=said.append)
    assert {one.pipeline: (one.action, one.how, one.failed) for one in triggered.results} == {
        "local/j-applied": (Action.APPLY_ONLY, NOTHING_TO_START, False),
        "local/j-broken": (Action.NONE, NOT_STARTED, True),
        "local/j-removed": (Action.NONE, NOTHING_TO_START, False),
    }
    assert "window.days must be between 1 and 365" in result(triggered, "j-broken").reason
    assert [line.partition(" · ")[0] for line in said] == [
        "local/j-applied  apply-only: nothing to start",
        "local/j-broken  none: not started",
        "local/j-removed  none: nothing to start",
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


def test_a_cloud_that_is_not_there_is_said_for_each_pipeline(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks.add("l-one")
    stacks.add("l-two")
    stacks.merge()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    triggered = stacks.trigger(wait=True)
    assert [one.how for one in triggered.results] == [NOT_STARTED, NOT_STARTED]
    assert result(triggered, "l-one").reason == "the embedded cloud is not running; run: refit local up"


def test_a_run_that_is_stopped_by_hand_is_a_failure(stacks: Stacks) -> None:
    stacks.add("m-one", WAITS)
    stacks.merge()
    started = result(stacks.trigger(), "m-one")
    assert started.arn is not None
    stacks.aws.stepfunctions.stop_execution(executionArn=started.arn, cause="by hand")
    found = result(stacks.trigger(wait=True), "m-one")
    assert (found.outcome, found.failed) == ("Aborted", True)
