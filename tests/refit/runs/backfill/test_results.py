"""Results of a backfill: consistent in the table, in JSON and on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from refit.commands import app
from refit.report.backfill import lines
from refit.runs.backfill.results import metrics
from refit.runs.backfill.train import plan
from refit.runs.record import Record
from tests.support.backfills import (
    TRAINS,
    TWO_DAYS,
    Stack,
    asked,
    shown,
)
from tests.support.checkout import MINIMAL, load
from tests.support.embedded_cloud.customer import Customer


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None) -> Stack:
    return Stack(customer, tmp_path, TRAINS, TWO_DAYS)


def test_the_plan_shows_windows_and_cost(stack: Stack) -> None:
    stack.land(1, 2, 4)
    stack.backfill(2, 2)
    planned = stack.plan(asked(2, 4))
    assert list(lines(planned)) == [
        f"{stack.ref.key}: 3 windows: the first 2026-11-01 to 2026-11-02, the last 2026-11-03 to 2026-11-04",
        "1 done before, 2 without enough data",
        "a run requires 2 days with data; windows with fewer are not started",
        "days without data: 2026-11-03",
    ]
    stack.land(3)
    *_, cost = lines(stack.plan(asked(2, 4)))
    assert cost == "cost: about $0.06 with 5 minutes per training job, at most $0.72"
    unknown = plan(stack.ref, asked(2, 4), {})
    assert list(lines(unknown))[-1] == "cost: unknown: the prices of us-west-2"
    assert json.loads(json.dumps(unknown.document()))["cost"]["about"] is None


def test_one_table_compares_all_windows(stack: Stack) -> None:
    stack.land(1, 2, 3)
    done = stack.backfill(2, 4)
    assert [line.rstrip() for line in shown(done).splitlines()] == [
        "                          days  validation:  train:",
        "window                    of 2          mse     mse  ended      billed     cost",
        "2026-11-01 to 2026-11-02     2            2     1.5  Trained      50 s  $0.0050",
        "2026-11-02 to 2026-11-03     2            –       –  JobFailed       –        –",
        "2026-11-03 to 2026-11-04     1            –       –  NoNewData       –        –",
        "2026-11-02 to 2026-11-03 JobFailed: AlgorithmError: row 3 has 12 columns",
    ]


def test_the_json_document_has_the_same_results(stack: Stack) -> None:
    stack.land(1, 2)
    document = json.loads(json.dumps(stack.backfill(2, 3).document()))
    assert (document["pipeline"], document["metrics"], document["failed"]) == (
        stack.ref.key,
        ["validation:mse", "train:mse"],
        False,
    )
    trained, empty = document["windows"]
    assert (trained["window"], trained["state"]) == ({"start": "2026-11-01", "end": "2026-11-02"}, "Trained")
    assert (trained["metrics"], trained["billable_seconds"], trained["cost"]) == (
        {"train:mse": 1.5, "validation:mse": 2},
        50,
        0.005,
    )
    assert (empty["run"], empty["state"], empty["days_with_data"]) == (None, "NoNewData", 1)


def test_the_gates_metric_comes_first_followed_by_main_metrics(tmp_path: Path) -> None:
    gated = load(tmp_path, f'{MINIMAL}{TWO_DAYS}gate = {{ metric = "validation:absolute_loss", max = 3 }}')
    values = dict.fromkeys(("train:mse", "validation:mse", "validation:absolute_loss", "train:throughput"), 1.0)
    run = Record("r", "", "Trained", "", datetime(2026, 11, 1, tzinfo=UTC), metrics=values)
    assert metrics(gated, [run]) == ("validation:absolute_loss", "validation:mse", "train:mse")
    assert metrics(load(tmp_path, MINIMAL), []) == ()


def test_the_plan_alone_goes_to_standard_output_and_starts_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.land(1, 2)
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-02", "--plan")
    assert told.stdout.splitlines()[1] == "1 to train"
    assert (told.exit_code, stack.runs()) == (0, [])
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-02", "--plan", "--json")
    assert json.loads(told.stdout)["windows"][0]["todo"] == "to train"


def test_the_command_shows_the_table_and_ends_with_what_failed(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.land(1, 2, 3)
    stack.backfill(2, 3)
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-03")
    assert [line.split()[4:5] for line in told.stdout.splitlines()[2:4]] == [["2"], ["–"]]
    assert "2026-11-03  ran before · JobFailed · AlgorithmError: row 3 has 12 columns" in told.stderr
    assert str(told.exception) == "1 of 2 windows failed"


def command(stack: Stack, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    """What `refit backfill` of the pipeline prints and ends with, in its checkout."""
    root = stack.ref.project.root
    (root / "asl").mkdir(exist_ok=True)
    (root / "terraform" / "main.tf").touch()
    monkeypatch.chdir(root)
    return CliRunner().invoke(app, ["backfill", stack.ref.key, *arguments])
