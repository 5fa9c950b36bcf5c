"""`refit history`: every run is told, from its record or from Step Functions; what cannot be read is not hidden."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from refit.costs.job_cost import JobCost
from refit.costs.prices import Prices
from refit.errors import NotFound
from refit.report.history import page, run_page
from refit.runs import history as order
from refit.runs.history import History
from refit.runs.history_query import history, run
from refit.runs.record import Record, from_file
from tests.support.checkout import MINIMAL, load
from tests.support.embedded_cloud.customer import Customer
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
TRAINED = {
    "outcome": "NewData",
    "commit": "0123abc",
    "window": {"start": "2026-11-01", "end": "2026-11-04"},
    "days": {"train": ["2026-11-01", "2026-11-02"], "validation": ["2026-11-04"], "missing": ["2026-11-03"]},
    "objects": 3,
    "bytes": 4321,
    "newest": "2026-11-04",
    "training": {"job": "prices-20261104-0a1b2c3d"},
    "status": {"metrics": {"train:mse": 3.5, "validation:mse": 4.25}, "billable_seconds": 100},
    "evaluation": {
        "decision": "Accepted",
        "reason": "within 60",
        "metric": "validation:mse",
        "challenger": 4.25,
        "champion": 5.5,
        "champion_model": "prices-20261103-0a1b2c3d",
        "rows": 500,
    },
}


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None) -> SmallStack:
    return SmallStack(customer, customer.name("prices"), tmp_path, ENDS)


def test_a_pipeline_without_a_run_has_an_empty_history(stack: SmallStack) -> None:
    assert history(stack.ref, 20) == History(stack.ref.key, ())


def test_a_record_is_told_whole(stack: SmallStack) -> None:
    stack.record("daily-1", reason="3 of 4 days have data", **TRAINED, deployment=deployment("m", "c"))
    (told,) = history(stack.ref, 20, HOURLY).runs
    assert (told.run, told.ended, told.reason) == ("daily-1", "Deployed", "3 of 4 days have data")
    assert (told.started_at, told.seconds) == (datetime(2026, 11, 1, 6, tzinfo=UTC), 600)
    assert (told.objects, told.bytes, told.newest, told.commit) == (3, 4321, "2026-11-04", "0123abc")
    assert told.metrics == {"train:mse": 3.5, "validation:mse": 4.25}
    assert (told.billable_seconds, told.cost) == (100, 0.01)
    assert (told.model, told.evaluation["champion"]) == ("m", 5.5)
    assert told.arn == f"{stack.machine.replace(':stateMachine:', ':execution:')}:daily-1"


def test_the_newest_run_comes_first_and_only_so_many(stack: SmallStack) -> None:
    for number in range(12):
        stack.record(f"daily-{number}", "NoNewData")
    assert [one.run for one in history(stack.ref, 3).runs] == ["daily-11", "daily-10", "daily-9"]
    assert len(history(stack.ref, 20).runs) == 12


def test_runs_without_a_record_are_told_by_step_functions(stack: SmallStack) -> None:
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
        ("<html>", "record.json is no JSON"),
        ("[]", "record.json is not what a run writes"),
        ('{"run": "daily-1"}', "KeyError: 'end'"),
        ('{"end": {"state": "Deployed", "reason": "", "started_at": "soon", "at": ""}}', "'soon' is not a time"),
    ],
)
def test_a_record_that_cannot_be_read_is_told_as_one(stack: SmallStack, content: str, why: str) -> None:
    stack.put("daily-1", "record.json", content)
    stack.record("daily-2", "NoNewData")
    found = {one.run: one for one in history(stack.ref, 20).runs}
    assert found["daily-1"].ended == "Unreadable"
    assert why in found["daily-1"].reason
    assert found["daily-2"].ended == "NoNewData"


def test_what_else_runs_write_is_no_record(stack: SmallStack) -> None:
    stack.put("daily-1", "manifest.json", "[]")
    stack.aws.s3.put_object(Bucket="homes", Key=f"runs/{stack.name}/lease.json", Body=b"{}")
    assert history(stack.ref, 20).runs == ()


def test_the_run_that_serves_is_the_one_whose_config_is_in_use(stack: SmallStack) -> None:
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


def test_a_run_that_is_not_there_is_answered_with_those_that_are(stack: SmallStack) -> None:
    stack.finish("there")
    with pytest.raises(NotFound, match="has no run gone") as raised:
        run(stack.ref, "gone")
    assert raised.value.hint == "the newest runs: there"


def test_a_pipeline_that_is_not_applied_says_what_to_run(stack: SmallStack) -> None:
    stack.aws.stepfunctions.delete_state_machine(stateMachineArn=stack.machine)
    with pytest.raises(NotFound) as raised:
        history(stack.ref, 20)
    assert raised.value.hint == f"run: refit terraform apply {stack.ref.key}"


RUN = Record(
    "daily-1",
    "arn:aws:states:us-west-2:123456789012:execution:refit-prices:daily-1",
    "Deployed",
    "all days have data",
    datetime(2026, 11, 22, 6, tzinfo=UTC),
    431.2,
    metrics={"train:mse": 3.5, "validation:mse": 4.25},
    newest="2026-11-21",
    window={"start": "2026-11-15", "end": "2026-11-21"},
    billable_seconds=100,
    cost=0.0123,
)
FAILED = replace(RUN, run="daily-2", ended="JobFailed", reason="AlgorithmError: row\x1b 7", metrics={}, cost=None)
TWO = History("prod/prices", (FAILED, RUN), "validation:mse", "daily-1")


def shown(renderable: Any, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True, color_system=None)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_a_narrow_terminal_shows_a_block_a_run_and_what_went_wrong() -> None:
    assert shown(page(TWO, 80)) == (
        "daily-2\n"
        "  JobFailed\n"
        "  2026-11-22 06:00 · 7 min\n"
        "  2026-11-15 to 2026-11-21 · newest 2026-11-21\n"
        "daily-1\n"
        "  Deployed, serves now\n"
        "  2026-11-22 06:00 · 7 min · $0.0123\n"
        "  2026-11-15 to 2026-11-21 · newest 2026-11-21\n"
        "  validation:mse 4.25\n"
        "daily-2 JobFailed: AlgorithmError: row\\x1b 7"
    )


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    assert max(map(len, shown(page(TWO, width), width).splitlines())) <= width


def test_a_wide_terminal_shows_a_row_a_run() -> None:
    text = shown(page(TWO, 160), 160)
    (row,) = [line for line in text.splitlines() if "serves now" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "daily-1",
        "2026-11-22 06:00",
        "Deployed, serves now",
        "2026-11-15 to 2026-11-21",
        "2026-11-21",
        "4.25",
        "7 min",
        "$0.0123",
    ]


@pytest.mark.parametrize("width", [100, 140, 180, 220])
def test_the_name_of_a_run_can_be_copied(width: int) -> None:
    name = "2f3a9c1e-77aa-4b6e-9d51-0c1f1a0b2c3d_01234567-89ab-cdef-0123-456789abcdef"
    assert name in shown(page(replace(TWO, runs=(replace(RUN, run=name),)), width), width)


def test_when_what_serves_is_of_another_run_it_is_said() -> None:
    assert "None of these runs deployed what serves now" in shown(
        page(replace(TWO, serves=None, runs=(replace(RUN, model="m"),)), 80)
    )


def test_one_run_is_shown_with_all_that_is_known() -> None:
    document = {"run": "daily-1", **TRAINED, "deployment": deployment("prices-20261104-0a1b2c3d", "config-1")}
    document["approval"] = {"approved": True, "by": "ada@example.org", "at": "2026-11-05T07:00:00Z", "reason": "good"}
    document["end"] = {
        "state": "Deployed",
        "reason": "3 of 4 days have data",
        "started_at": "2026-11-05T06:00:00Z",
        "at": "2026-11-05T06:10:00Z",
    }
    told = from_file(json.dumps(document).encode(), "daily-1", RUN.arn, RUN.started_at, JobCost(0.36))
    text = shown(run_page(History("prod/prices", (told,), None, "daily-1")), 240)
    name, *facts = [" ".join(line.split()) for line in text.splitlines()]
    assert name == "daily-1"
    assert facts == [
        "ended Deployed, serves now",
        "because 3 of 4 days have data",
        "started 2026-11-05 06:00 UTC",
        "length 10 min",
        "commit 0123abc",
        "window 2026-11-01 to 2026-11-04",
        "trained on 2026-11-01 to 2026-11-02 (2)",
        "held out 2026-11-04 (1)",
        "without data 2026-11-03 (1)",
        "data 3 objects, 4,321 bytes",
        "newest data 2026-11-04",
        "training job prices-20261104-0a1b2c3d",
        "billed 100 s on each instance, $0.0100",
        "train:mse 3.5",
        "validation:mse 4.25",
        "decision Accepted, validation:mse 4.25, against 5.5 of prices-20261103-0a1b2c3d on 500 rows: within 60",
        "approval approved by ada@example.org at 2026-11-05T07:00:00Z: good",
        "model prices-20261104-0a1b2c3d",
        "deployment updated endpoint prices, config config-1",
        f"execution {RUN.arn}",
        "console https://us-west-2.console.aws.amazon.com/states/home?region=us-west-2"
        f"#/v2/executions/details/{RUN.arn}",
    ]


def test_the_embedded_cloud_has_no_console_to_link_to() -> None:
    assert "console" not in shown(run_page(replace(TWO, pipeline="local/prices", runs=(RUN,))), 200)


def test_the_metric_is_the_gates_or_the_most_telling_one(tmp_path: Path) -> None:
    plain = load(tmp_path, MINIMAL)
    gated = load(tmp_path, f'{MINIMAL}gate = {{ metric = "train:mse", max = 60 }}\n')
    assert order.metric(plain, [FAILED, RUN]) == "validation:mse"
    assert order.metric(gated, [FAILED, RUN]) == "train:mse"
    assert order.metric(plain, [FAILED, replace(RUN, metrics={"train:rmse": 1.0, "validation:auc": 0.9})]) == (
        "validation:auc"
    )
    assert order.metric(plain, [FAILED]) is None


def test_a_cost_is_that_of_all_instances_and_unknown_without_a_price(tmp_path: Path) -> None:
    two = load(tmp_path, f"{MINIMAL}training = {{ instance_count = 2 }}\n")
    assert JobCost.of(two, HOURLY["us-west-2"]).cost(100) == 0.02
    assert JobCost.of(two, None).cost(100) is None
    assert JobCost.of(two, HOURLY["us-west-2"]).cost(None) is None


def test_the_document_is_plain() -> None:
    told = TWO.document()
    assert (told["serves"], told["runs"][1]["started_at"]) == ("daily-1", "2026-11-22T06:00:00+00:00")
    json.dumps(told)


def test_no_runs_are_no_error() -> None:
    assert shown(page(History("prod/prices", ()), 80)) == "There has been no run yet."
