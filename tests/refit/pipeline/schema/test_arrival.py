"""What starts, steers and ends a run, in a pipeline file: arrival, orchestration, approval, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checkout import MINIMAL, load, problem, problems

POLLING = ("start_training_job", "get_status", "deploy_model", "update_parameters")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arrival = { quiet_minutes = 0 }", "must be between 1 and 1440, which is one day, got 0"),
        ("arrival = { max_wait_minutes = 1441 }", "must be between quiet_minutes and 1440, which is one day, got 1441"),
        (
            "arrival = { quiet_minutes = 30, max_wait_minutes = 20 }",
            "52: out-of-range arrival.max_wait_minutes must be at least quiet_minutes (30), got 20; "
            "write max_wait_minutes = 30",
        ),
        (
            "arrival = { quiet_minutes = 240 }",
            "11: out-of-range arrival.max_wait_minutes must be at least quiet_minutes (240), got 120; "
            "write max_wait_minutes = 240",
        ),
        ("approval = { timeout_minutes = 0 }", "approval.timeout_minutes must be between 1 and 10080, which is a week"),
        ("approval = { timeout_minutes = 10081 }", "which is a week, got 10081; write approval = { timeout_minutes ="),
        ('orchestration = "step"', 'not-a-choice orchestration must be "direct" or "polling", got "step"; write orche'),
        (
            'retrain_on = "change"',
            'not-a-choice retrain_on must be "new_day" or "any_change", got "change"; write retr',
        ),
        ("endpoint = { keep = 1 }", "endpoint.keep must be between 2 and 100, got 1; write endpoint = { keep = 5 }"),
        ("endpoint = { keep = 101 }", "endpoint.keep must be between 2 and 100, got 101"),
    ],
)
def test_what_no_run_could_do_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


@pytest.mark.parametrize("days", [0, 366])
def test_data_goes_stale_within_a_year(tmp_path: Path, days: int) -> None:
    text = MINIMAL.replace("13 }", f"13, stale_after_days = {days} }}")
    (found,) = problems(tmp_path, text)
    assert f"data.stale_after_days must be between 1 and 365, got {days}" in found


def test_data_is_not_stale_in_every_run(tmp_path: Path) -> None:
    text = MINIMAL.replace("13 }", "13, stale_after_days = 2 }")
    assert load(tmp_path, f"{text}window = {{ days = 7, lag_days = 1 }}\n").data.stale_after_days == 2
    assert problems(tmp_path, f"{text}window = {{ days = 7, lag_days = 2 }}\n") == [
        "3:33: out-of-range window.lag_days must be below data.stale_after_days (2), got 2; "
        "write stale_after_days = 4: with this lag the data of every run would be stale"
    ]


def test_what_is_not_written_is_off_or_sensible(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL)
    assert (found.orchestration, found.retrain_on, found.endpoint.keep) == ("direct", "new_day", 5)
    assert (found.gate, found.approval, found.arrival, found.data.stale_after_days) == (None, None, None, None)


def test_an_empty_section_is_written_with_its_defaults(tmp_path: Path) -> None:
    found = load(tmp_path, f"{MINIMAL}approval = {{}}\narrival = {{}}\n")
    assert found.approval is not None
    assert found.approval.timeout_minutes == 1_440
    assert found.arrival is not None
    assert (found.arrival.quiet_minutes, found.arrival.max_wait_minutes) == (15, 120)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", ()),
        ('orchestration = "polling"\n', POLLING),
        ("arrival = {}\n", ("object_arrived",)),
        ('gate = { metric = "train:mse", max = 60 }\n', ("evaluate_model",)),
        (
            'orchestration = "polling"\narrival = {}\ngate = { metric = "train:mse", max = 60 }\n',
            (*POLLING, "object_arrived", "evaluate_model"),
        ),
    ],
)
def test_a_pipeline_has_the_lambdas_that_it_needs(tmp_path: Path, text: str, more: tuple[str, ...]) -> None:
    handlers = load(tmp_path, MINIMAL + text).handlers
    assert len(handlers) == len(set(handlers))
    assert set(handlers) == {"check_data", "notify_slack", "clean_up", *more}
