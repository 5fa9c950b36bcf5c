"""`refit history`: every run is listed, from its record or from Step Functions, even if its record is unreadable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from refit.costs.job_cost import JobCost
from refit.costs.prices import Prices
from refit.errors import NotFound
from refit.runs.history import History, history, metric, run
from tests.support.checkout import MINIMAL, load
from tests.support.embedded_cloud.customer import Customer
from tests.support.run_records import FAILED, RUN, TRAINED, TWO
from tests.support.small_stack import SmallStack, deployment

HOURLY = {"us-west-2": Prices(training_hour={"ml.m5.xlarge": 0.36})}


ENDS: dict[str, Any] = {
    "Branch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": "{% $states.input.fails = true %}", "Next": "JobFailed"},
            {"Condition": "{% $states.input.waits = true %}", "Next": "Wait"},
        ],
        "Default": "NoNewData",
    },
    "Wait": {"Type": "Wait", "Seconds": 600, "Next": "NoNewData"},
    "NoNewData": {"Type": "Succeed"},
    "JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "row 7 is not a number"},
}


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None) -> SmallStack:
    return SmallStack(customer, customer.name("prices"), tmp_path, ENDS)


def test_a_pipeline_without_a_run_has_an_empty_history(stack: SmallStack) -> None:
    assert history(stack.ref, 20) == History(stack.ref.key, ())


def test_a_record_is_read_completely(stack: SmallStack) -> None:
    stack.record(
        "daily-1",
        reason="3 of 4 days have data",
        **TRAINED,
        deployment=deployment("m", "c"),
        refit_version="0.1.0",
    )
    (told,) = history(stack.ref, 20, HOURLY).runs
    assert (told.run, told.ended, told.reason) == ("daily-1", "Deployed", "3 of 4 days have data")
    assert (told.started_at, told.seconds) == (datetime(2026, 11, 1, 6, tzinfo=UTC), 600)
    assert (told.objects, told.bytes, told.newest, told.commit) == (3, 4321, "2026-11-04", "0123abc")
    assert told.metrics == {"train:mse": 3.5, "validation:mse": 4.25}
    assert (told.billable_seconds, told.cost) == (100, 0.01)
    assert (told.model, told.evaluation["champion"]) == ("m", 5.5)
    assert told.arn == f"{stack.machine.replace(':stateMachine:', ':execution:')}:daily-1"
    assert (told.refit_version, told.document()["refit_version"]) == ("0.1.0", "0.1.0")


def test_the_newest_run_comes_first_and_only_so_many(stack: SmallStack) -> None:
    for number in range(12):
        stack.record(f"daily-{number}", "NoNewData")
    assert [one.run for one in history(stack.ref, 3).runs] == ["daily-11", "daily-10", "daily-9"]
    assert len(history(stack.ref, 20).runs) == 12


def test_runs_without_a_record_are_read_from_step_functions(stack: SmallStack) -> None:
    stack.record("recorded", "NoNewData")
    stack.finish("recorded")
    stack.finish("failed", {"fails": True})
    aborted = stack.start("aborted", {"waits": True})
    stack.aws.stepfunctions.stop_execution(executionArn=aborted, error="ByHand", cause="enough")
    stack.start("going-on", {"waits": True})
    found = {one.run: one for one in history(stack.ref, 20).runs}
    assert {name: one.ended for name, one in found.items()} == {
        "going-on": "Running",
        "aborted": "Aborted",
        "failed": "JobFailed",
        "recorded": "NoNewData",
    }
    assert found["aborted"].reason == "enough"
    assert found["failed"].reason == "row 7 is not a number"
    assert next(iter(found)) == "going-on"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("<html>", "record.json is not JSON"),
        ("[]", "record.json is not the record of a run"),
        ('{"run": "daily-1"}', "KeyError: 'end'"),
        ('{"end": {"state": "Deployed", "reason": "", "started_at": "soon", "at": ""}}', "'soon' is not a time"),
    ],
)
def test_an_unreadable_record_is_listed_as_unreadable(stack: SmallStack, content: str, why: str) -> None:
    stack.put("daily-1", "record.json", content)
    stack.record("daily-2", "NoNewData")
    found = {one.run: one for one in history(stack.ref, 20).runs}
    assert found["daily-1"].ended == "Unreadable"
    assert why in found["daily-1"].reason
    assert found["daily-2"].ended == "NoNewData"


def test_other_files_of_runs_are_not_records(stack: SmallStack) -> None:
    stack.put("daily-1", "manifest.json", "[]")
    stack.aws.s3.put_object(Bucket="homes", Key=f"runs/{stack.name}/lease.json", Body=b"{}")
    assert history(stack.ref, 20).runs == ()


def test_the_live_run_is_the_one_whose_config_is_in_use(stack: SmallStack) -> None:
    stack.deployed("daily-1", 1)
    stack.deployed("daily-2", 2)
    stack.record("daily-3", "NoNewData")
    assert history(stack.ref, 20).serves == "daily-2"
    assert history(stack.ref, 1).serves is None
    assert run(stack.ref, "daily-2").serves == "daily-2"


def test_one_run_is_found_by_its_name_and_its_arn_and_without_a_record(stack: SmallStack) -> None:
    stack.record("daily-1", "NoNewData")
    stack.finish("failed", {"fails": True})
    arn = stack.machine.replace(":stateMachine:", ":execution:")
    assert run(stack.ref, "daily-1") == run(stack.ref, f"{arn}:daily-1")
    assert run(stack.ref, "failed").runs[0].ended == "JobFailed"


def test_an_unknown_run_is_answered_with_the_newest_runs(stack: SmallStack) -> None:
    stack.finish("there")
    with pytest.raises(NotFound, match="no run gone found") as raised:
        run(stack.ref, "gone")
    assert raised.value.hint == "the newest runs: there"


def test_a_pipeline_that_is_not_applied_says_what_to_run(stack: SmallStack) -> None:
    stack.aws.stepfunctions.delete_state_machine(stateMachineArn=stack.machine)
    with pytest.raises(NotFound) as raised:
        history(stack.ref, 20)
    assert raised.value.hint == f"run: refit terraform apply {stack.ref.key}"


def test_the_metric_is_the_gates_or_a_main_metric(tmp_path: Path) -> None:
    plain = load(tmp_path, MINIMAL)
    gated = load(tmp_path, f'{MINIMAL}gate = {{ metric = "train:mse", max = 60 }}\n')
    assert metric(plain, [FAILED, RUN]) == "validation:mse"
    assert metric(gated, [FAILED, RUN]) == "train:mse"
    assert metric(plain, [FAILED, replace(RUN, metrics={"train:rmse": 1.0, "validation:auc": 0.9})]) == (
        "validation:auc"
    )
    assert metric(plain, [FAILED]) is None


def test_a_cost_is_that_of_all_instances_and_unknown_without_a_price(tmp_path: Path) -> None:
    two = load(tmp_path, f"{MINIMAL}training = {{ instance_count = 2 }}\n")
    assert JobCost.of(two, HOURLY["us-west-2"]).cost(100) == 0.02
    assert JobCost.of(two, None).cost(100) is None
    assert JobCost.of(two, HOURLY["us-west-2"]).cost(None) is None


def test_the_document_is_plain() -> None:
    told = TWO.document()
    assert (told["serves"], told["runs"][1]["started_at"]) == ("daily-1", "2026-11-22T06:00:00+00:00")
    json.dumps(told)
