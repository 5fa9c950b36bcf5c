"""The output of `refit status`: compact, complete on a narrow terminal, and clear about problems."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from refit.aws.approval_wait import ApprovalWait
from refit.aws.endpoint import EndpointStatus
from refit.domain.run_document import Hold
from refit.live.differences import Difference
from refit.live.status import PipelineStatus
from refit.report.status import page
from tests.support.statuses import NAME, RUN, SOUND, variant


def shown(*statuses: PipelineStatus, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True, color_system=None)
    console.print(page(statuses, width))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def test_a_narrow_terminal_shows_a_block_a_pipeline() -> None:
    assert shown(SOUND, width=60) == (
        "prod/prices\n"
        "  newest data  2026-11-21, 1 day old\n"
        "  watermark    2026-11-21\n"
        "  last run     Deployed, 2026-11-22 06:00 UTC, 7 min\n"
        "               daily-1\n"
        "  endpoint     InService, 2 × ml.m5.large\n"
        "               prices-20261121-0a1b2c3d\n"
        "  as in file   yes"
    )


def test_a_wide_terminal_shows_a_table_and_nothing_else_when_all_is_well() -> None:
    text = shown(SOUND, replace(SOUND, pipeline="prod/churn"), width=160)
    assert [row for row in text.splitlines() if "Deployed" in row and "2026-11-21, 1 day old" in row][1:]
    assert text.splitlines()[-1].startswith("└")


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    drifted = replace(SOUND, differences=(Difference("CheckData.settings.window.days", 14, 7),))
    assert max(map(len, shown(drifted, SOUND, width=width).splitlines())) <= width


@pytest.mark.parametrize("width", [80, 160])
def test_what_needs_attention_is_shown_in_full(width: int) -> None:
    failed = replace(
        SOUND,
        run=replace(RUN, outcome="JobFailed", reason="AlgorithmError: row 7", succeeded=False),
        endpoint=EndpointStatus("prices", "Failed", "the model cannot be loaded", NAME, ()),
        differences=(
            Difference("CheckData.settings.window.days", 14, 7),
            Difference("Extra", "absent", {"Type": "Pass"}),
        ),
    )
    text = shown(failed, width=width)
    assert "JobFailed: AlgorithmError: row 7" in text
    assert "endpoint prices: the model cannot be loaded" in text
    assert "CheckData.settings.window.days is 7, but 14 in the file" in text
    assert 'Extra is {"Type": "Pass"}, but absent in the file' in text
    assert "no, 2 differences" in text


def test_many_differences_end_in_the_command_that_shows_all() -> None:
    differences = tuple(Difference(f"value-{number}", 1, 2) for number in range(9))
    text = shown(replace(SOUND, differences=differences))
    assert "value-4" in text
    assert "value-5" not in text
    assert "and 4 more differences: refit status prod/prices --json" in text


def test_a_pipeline_with_nothing_yet_says_so() -> None:
    text = shown(PipelineStatus("prod/new", applied=True))
    assert "newest data  no data in the last 512 days" in text
    assert "never deployed" in text
    assert text.count("none yet") == 2


def test_a_pipeline_that_is_not_applied_says_what_to_run() -> None:
    new = PipelineStatus("prod/new", applied=False, note="not applied; run: refit terraform apply prod/new")
    assert shown(new) == "prod/new\n  not applied; run: refit terraform apply prod/new"


def test_a_file_with_problems_and_the_cloud_of_another_project_are_shown() -> None:
    warning = "the file has 1 problem (refit validate prod/prices); using its valid fields"
    text = shown(replace(SOUND, warning=warning, cloud="/elsewhere/.refit"), width=160)
    assert warning in text
    assert "on the embedded cloud of /elsewhere/.refit, which AWS_ENDPOINT_URL points to" in text
    assert "unknown" in text


def test_another_count_than_configured_is_shown() -> None:
    scaled = EndpointStatus("prices", "InService", "", "by-hand", (variant(running=5),))
    text = shown(replace(SOUND, endpoint=scaled), width=100)
    assert "2 × ml.m5.large, 5 running" in text
    assert f"{NAME} (config by-hand)" in text


def test_what_others_wrote_cannot_paint_on_the_terminal() -> None:
    text = shown(replace(SOUND, watermark="\x1b[31msoon[bold]", run=None))
    assert "\x1b" not in text
    assert "[bold]" in text


@pytest.mark.parametrize("width", [80, 160])
def test_a_hold_is_shown_with_its_holder_its_reason_and_the_command_to_release(width: int) -> None:
    text = shown(replace(SOUND, hold=Hold(by="ada", since="2026-11-22T06:00:00Z", reason="flats")), width=width)
    assert "held by ada since 2026-11-22T06:00:00Z: flats; release it: refit release prod/prices" in " ".join(
        text.split()
    )


def test_no_pipelines_are_no_error() -> None:
    assert shown() == "There are no pipelines yet."


@pytest.mark.parametrize("width", [80, 200])
def test_a_run_that_waits_for_approval_says_since_when_until_when_and_how_to_answer(width: int) -> None:
    waits = ApprovalWait("2026-11-22T06:07:00Z", "2026-11-23T06:07:00Z")
    text = shown(
        replace(SOUND, run=replace(RUN, outcome="Running", reason="", succeeded=False, waits=waits)), width=width
    )
    assert "AwaitApproval, 2026-11-22 06:00 UTC" in text
    assert "Running" not in text
    assert (
        "waits for approval since 2026-11-22T06:07:00Z until 2026-11-23T06:07:00Z: "
        "refit approve prod/prices daily-1, or refit reject prod/prices --reason TEXT daily-1"
    ) in " ".join(text.split())
