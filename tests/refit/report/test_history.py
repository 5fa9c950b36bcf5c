"""The pages of `refit history`, on a narrow and on a wide terminal."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from refit.aws.approval_wait import ApprovalWait
from refit.costs.job_cost import JobCost
from refit.report.history import page, run_page, tsv
from refit.runs.history import History
from refit.runs.record import from_file
from tests.support.run_records import RUN, TRAINED, TWO
from tests.support.small_stack import deployment


def shown(renderable: Any, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True, color_system=None)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_a_narrow_terminal_shows_a_block_a_run_and_what_went_wrong() -> None:
    assert shown(page(TWO, 79)) == (
        "daily-2\n"
        "  JobFailed\n"
        "  2026-11-22 06:00 · 7 min\n"
        "  2026-11-15 to 2026-11-21 · newest 2026-11-21\n"
        "daily-1\n"
        "  Deployed, live\n"
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
    (row,) = [line for line in text.splitlines() if "live" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "daily-1",
        "2026-11-22 06:00",
        "Deployed, live",
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


def test_a_terminal_of_80_columns_shows_a_short_table() -> None:
    lines = shown(page(TWO, 80), 80).splitlines()
    assert lines[0].split() == ["run", "started", "(UTC)", "ended"]
    assert lines[2].split() == ["daily-1", "2026-11-22", "06:00", "Deployed,", "live"]


def test_for_other_programs_it_is_one_line_a_run_with_tabs() -> None:
    hostile = replace(TWO.runs[0], reason="a\tb\n::error::c")
    head, first, *others = tsv(replace(TWO, runs=(hostile, *TWO.runs[1:])))
    assert head.split("\t")[:3] == ["run", "started", "ended"]
    assert first.split("\t")[:3] == ["daily-2", "2026-11-22T06:00:00+00:00", "JobFailed"]
    assert first.endswith("a\\tb\\n::error::c")
    assert {line.count("\t") for line in (head, first, *others)} == {8}


def test_a_live_model_of_another_run_is_remarked() -> None:
    assert "None of these runs deployed the live model" in shown(
        page(replace(TWO, serves=None, runs=(replace(RUN, model="m"),)), 80)
    )


def test_one_run_is_shown_with_all_that_is_known() -> None:
    document = {"run": "daily-1", **TRAINED, "deployment": deployment("prices-20261104-0a1b2c3d", "config-1")}
    document["approval"] = {"approved": True, "by": "ada@example.org", "at": "2026-11-05T07:00:00Z", "reason": "good"}
    document["refit_version"] = "0.1.0"
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
        "ended Deployed, live",
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
        "refit 0.1.0",
        f"execution {RUN.arn}",
        "console https://us-west-2.console.aws.amazon.com/states/home?region=us-west-2"
        f"#/v2/executions/details/{RUN.arn}",
    ]


def test_the_embedded_cloud_has_no_console_to_link_to() -> None:
    assert "console" not in shown(run_page(replace(TWO, pipeline="local/prices", runs=(RUN,))), 200)


def test_no_runs_are_no_error() -> None:
    assert shown(page(History("prod/prices", ()), 80)) == "There has been no run yet."


def test_a_run_that_waits_for_approval_says_so_on_both_pages() -> None:
    waits = ApprovalWait("2026-11-22T06:07:00Z", None)
    history = History("prod/prices", (replace(RUN, ended="Running", reason="", waits=waits),))
    sentence = (
        "waits for approval since 2026-11-22T06:07:00Z: "
        "refit approve prod/prices daily-1, or refit reject prod/prices --reason TEXT daily-1"
    )
    for text in (shown(page(history, 80)), shown(page(history, 160), 160), shown(run_page(history), 200)):
        assert "AwaitApproval" in text
        assert "Running" not in text
        assert sentence in " ".join(text.split())
